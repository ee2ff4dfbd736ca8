// Features of files: an image, a mask, where to write; then settings, if there are any.
//
//     c++ -std=c++17 files.cc $(pkg-config --cflags --libs radiomill) -o files
#include <radiomill.h>

#include <iostream>
#include <memory>

template <auto Free> struct with {
    template <typename T> void operator()(T *handle) const {
        Free(handle);
    }
};
using settings_handle = std::unique_ptr<rad_settings, with<rad_settings_free>>;
using scan_handle = std::unique_ptr<rad_scan, with<rad_scan_free>>;
using table_handle = std::unique_ptr<rad_features, with<rad_features_free>>;

static void check(rad_status status, const rad_error &error) {
    if (status != RAD_OK && status != RAD_PARTIAL) throw error;
}

static settings_handle open_settings(const char *preset_or_path) {
    rad_error error;
    rad_settings *settings;
    check(rad_settings_new(preset_or_path, &settings, &error), error);
    return settings_handle(settings);
}

static scan_handle open_scan(const char *path) {
    rad_error error;
    rad_scan *scan;
    check(rad_scan_from_path(path, nullptr, &scan, &error), error);
    return scan_handle(scan);
}

static table_handle extract(const rad_settings *settings, const rad_scan *image, const rad_scan *mask) {
    rad_error error;
    rad_features *table = nullptr;
    check(rad_extract(settings, image, mask, nullptr, nullptr, &table, &error), error);
    return table_handle(table);
}

int main(int argc, char **argv) {
    if (argc < 4 || argc > 5) {
        std::cerr << "usage: files IMAGE MASK TABLE.csv|TABLE.json [SETTINGS]\n";
        return RAD_USAGE;
    }
    try {
        const auto settings = open_settings(argc > 4 ? argv[4] : nullptr);
        const auto image = open_scan(argv[1]), mask = open_scan(argv[2]);
        const auto table = extract(settings.get(), image.get(), mask.get());
        for (size_t i = 0; const char *warning = rad_features_warning(table.get(), i); i++)
            std::cerr << "warning: " << warning << "\n";
        rad_row_info row;
        for (size_t i = 0; rad_features_row(table.get(), i, &row); i++)
            std::cout << row.roi << ": " << (row.status == RAD_OK ? "done" : row.text) << "\n";
        rad_error error;
        check(rad_features_write(table.get(), argv[3], &error), error);
    } catch (const rad_error &error) {
        std::cerr << error.text << "\n";
        return error.status;
    }
    return 0;
}
