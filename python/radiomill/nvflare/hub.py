"""What the server does: hand the study out, count what comes back, and pool it by its own command."""
from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import re
import shutil
import time
from typing import Any, Sequence

from nvflare.apis.controller_spec import ClientTask, Task
from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.impl.controller import Controller
from nvflare.apis.shareable import Shareable
from nvflare.apis.signal import Signal

from .local import HUNG, REPLY_LIMIT, STUDY_LIMIT, Local, LocalError, file_of, read_file, write_files


class StudyController(Controller):  # type: ignore[misc]
    """One study: a summary of each site, and the pool. `deadline` seconds for a task; `grace` more seconds for others
    once `minimum` sites have sent theirs. Then its models, in rounds: what stands in the folder `state` of the server is
    where a job goes on, also one that is submitted again."""

    def __init__(self, study: str, signature: str = "", minimum: int = 3, deadline: int = 3600, grace: int = 60,
                 models: Sequence[str] = ()) -> None:
        super().__init__()
        self.given = {"study.yaml": base64.b64decode(study)}
        if signature:
            self.given["study.yaml.sig"] = base64.b64decode(signature)
        self.minimum, self.deadline, self.grace, self.models = minimum, deadline, grace, models
        self.good: dict[str, bytes] = {}
        self.failed: dict[str, dict[str, Any]] = {}

    def start_controller(self, fl_ctx: FLContext) -> None:
        pass

    def stop_controller(self, fl_ctx: FLContext) -> None:
        pass

    def process_result_of_unknown_task(self, client: Any, task_name: str, client_task_id: str, result: Shareable,
                                       fl_ctx: FLContext) -> None:
        pass  # too late

    def control_flow(self, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """The whole of a job: result/pooled, result/fitted, and result/sites.json in any case."""
        workspace = fl_ctx.get_engine().get_workspace()
        result, fault = workspace.get_result_root(fl_ctx.get_job_id()), None
        try:
            self._study(Local(workspace), result, abort_signal, fl_ctx)
        except (LocalError, OSError, ValueError, KeyError) as error:
            fault = ("aborted; " if abort_signal.triggered else "") + str(error)
        sites = {**{site: {"outcome": "pooled"} for site in self.good}, **self.failed}
        with open(os.path.join(result, "sites.json"), "w", encoding="utf-8") as file:
            json.dump({"sites": sites, "fault": fault}, file, indent=1, sort_keys=True)
        if fault:
            self.system_panic(fault, fl_ctx)

    def _study(self, local: Local, result: str, abort_signal: Signal, fl_ctx: FLContext) -> None:
        study = file_of(self.given["study.yaml"], STUDY_LIMIT)
        if not local.state:
            raise LocalError('radiomill.json of the server: "state" is needed, a folder outside of the workspace')
        folder = os.path.join(local.state, hashlib.sha256(study).hexdigest()[:16])
        os.makedirs(folder, mode=0o700, exist_ok=True)
        lock = open(os.path.join(folder, "lock"), "w")  # one job at a time, until this process ends
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        write_files(folder, {"study.yaml.sig": None, **self.given})

        def ask(task: str, ending: str, **more: bytes) -> list[str]:
            self._ask(task, {**self.given, **more}, local, abort_signal, fl_ctx)
            if len(self.good) < self.minimum:
                raise LocalError(f"{task}: {len(self.good)} of {self.minimum} sites that are needed; {self._words()}")
            files = {f"{site}{ending}": content for site, content in sorted(self.good.items())}
            write_files(folder, {**files})
            return [os.path.join(folder, name) for name in files]

        def run(task: str, files: list[str], out: str, **more: str) -> None:
            names = {"study": os.path.join(folder, "study.yaml"), "out": os.path.join(folder, out), **more}
            words = {"{%s}" % key: [value] for key, value in names.items()}
            words.update({"{files}": files, "{absent}": ["--absent", self._words()] if self.failed else []})
            os.makedirs(names["out"], exist_ok=True)
            code = local.run(task, words, folder, lambda: bool(abort_signal.triggered))
            if code == 0 or task == "fit":  # a model without a result says why
                shutil.copytree(names["out"], os.path.join(result, out), dirs_exist_ok=True)
            if code:
                raise LocalError(f"{task}: exit code {code}; {self._words()}")

        run("pool", ask("summarise", ".radsum"), "pooled")
        for model in self.models:
            state = os.path.join(folder, f"{model}.state")
            more = {"model": model, "state": state, "moments": os.path.join(folder, "pooled/pooled.json")}
            run("fit", [], "fitted", **more)  # begins, or says where it stands
            before = b""
            while not json.loads(now := read_file(state))["result"]:
                if now == before:
                    raise LocalError(f"fit: {model} does not go on")
                run("fit", ask("step", f"-{model}.radsum", state=now), "fitted", **more)
                before = now

    def _ask(self, name: str, data: dict[str, bytes], local: Local, abort_signal: Signal, fl_ctx: FLContext) -> None:
        """Fills `good` and `failed` by what the sites reply; FLARE would count errors as replies."""
        here = [client.name for client in fl_ctx.get_engine().get_clients()]
        self.good = {}
        self.failed.update({site: {"outcome": "not connected"} for site in local.sites if site not in here})
        task = Task(name, DXO(DataKind.APP_DEFINED, data=data).to_shareable(), timeout=self.deadline,
                    result_received_cb=self._take)
        self.broadcast(task, fl_ctx, targets=here, min_responses=len(here))
        enough = 0.0
        while task.completion_status is None and not abort_signal.triggered:
            if len(self.good) >= self.minimum:
                enough = enough or time.monotonic() + self.grace
                if time.monotonic() > enough:
                    break
            time.sleep(0.2)
        self.cancel_task(task)
        for site in here:
            if site not in self.good and site not in self.failed:
                died = self.get_client_disconnect_time(site)
                self.failed[site] = {"outcome": "died" if died else "no reply in time"}

    def _take(self, client_task: ClientTask, fl_ctx: FLContext) -> None:
        site, result = client_task.client.name, client_task.result
        try:
            if result.get_return_code() == ReturnCode.OK and re.fullmatch(r"\w[\w.-]*", site):
                self.good[site] = file_of(from_shareable(result).data["file"], REPLY_LIMIT)
                return
            code = int(result["exit_code"])
            outcome = "hung" if code == HUNG else "refused" if code in (10, 11, 12) else "failed"
            self.failed[site] = {"outcome": outcome, "exit_code": code}
        except (KeyError, TypeError, ValueError, AttributeError):
            self.failed[site] = {"outcome": "failed", "reply": str(result and result.get_return_code())}

    def _words(self) -> str:
        return ", ".join(f"{site}: " + " ".join(map(str, said.values())) for site, said in sorted(self.failed.items()))
