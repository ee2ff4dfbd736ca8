"""In processes of NVIDIA FLARE: keeps what each of them sends, before it is encrypted, in a file of $RADIOMILL_TAP."""
import os
import sys

if os.environ.get("RADIOMILL_TAP") and any(word.startswith("nvflare.private.") for word in sys.orig_argv):
    import threading

    import msgpack
    from nvflare.fuel.f3.cellnet.core_cell import CoreCell
    from nvflare.fuel.f3.sfm.sfm_conn import SfmConnection

    lock = threading.Lock()
    file = open(os.path.join(os.environ["RADIOMILL_TAP"], f"{os.getpid()}.tap"), "ab", buffering=0)
    encrypt, send = CoreCell.encrypt_payload, SfmConnection.send_frame

    def put(record):
        with lock:
            file.write(msgpack.packb(record, default=str))

    def plain(payload):
        if payload is None or isinstance(payload, (bytes, bytearray, memoryview)):
            return bytes(payload or b"")
        return b"".join(bytes(part) for part in payload)

    def encrypt_payload(self, message):
        put({"from": self.my_info.fqcn, "headers": dict(message.headers), "payload": plain(message.payload)})
        return encrypt(self, message)

    def send_frame(self, prefix, headers, payload):
        put({"frame": prefix.type, "headers": headers, "size": len(payload or b""),
             "payload": plain(payload) if prefix.type != 1 else b""})
        return send(self, prefix, headers, payload)

    CoreCell.encrypt_payload, SfmConnection.send_frame = encrypt_payload, send_frame
