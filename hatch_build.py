"""How a wheel gets its engine: `make` builds it, and this puts it beside the Python of the package."""
import os
import subprocess
import sysconfig

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ENGINE = {"libradiomill.so": "libradiomill.so", "radiomill": "bin/radiomill",
          "libexec/radiomill-decoder": "libexec/radiomill-decoder"}


class EngineHook(BuildHookInterface):
    """One wheel serves every Python: the engine knows nothing of it."""

    def initialize(self, version, build_data):
        if version == "editable":
            return  # python/radiomill finds the engine in build/
        build = os.environ.get("BUILD", "build")
        command = ["make", "-s", f"-j{os.cpu_count() or 1}", *os.environ.get("RADIOMILL_MAKE", "").split(), "all"]
        if not os.environ.get("RADIOMILL_BUILT"):  # `make wheel` has built it
            subprocess.run(command, cwd=self.root, check=True)
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-" + sysconfig.get_platform().replace("-", "_").replace(".", "_")
        for source, place in ENGINE.items():
            build_data["force_include"][os.path.join(self.root, build, source)] = f"radiomill/engine/{place}"
        licenses = os.path.join(self.root, build, "python", "licenses")  # of libraries that `make wheel` takes along
        if os.environ.get("RADIOMILL_BUILT") and os.path.isdir(licenses):
            build_data["force_include"][licenses] = "radiomill/engine/licenses"
