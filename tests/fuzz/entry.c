/* What libFuzzer calls; the linker says which row FUZZER is. */
#include "fuzz.h"

extern const fuzzer FUZZER;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    FUZZER.run(data, size);
    return 0;
}

/* One change in five is of bytes, whatever they mean. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) {
    if (!FUZZER.shape || seed % 5 == 0) return LLVMFuzzerMutate(data, size, most);
    return FUZZER.shape(data, size, most, seed / 5);
}
