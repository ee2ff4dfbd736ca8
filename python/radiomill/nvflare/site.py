"""What a site does when a job asks: run its own command on the study, and send the file that comes out."""
from __future__ import annotations

import os
import tempfile
from typing import Any

from nvflare.apis.dxo import DXO, DataKind, from_shareable
from nvflare.apis.executor import Executor
from nvflare.apis.fl_constant import ReturnCode
from nvflare.apis.fl_context import FLContext
from nvflare.apis.shareable import Shareable, make_reply
from nvflare.apis.signal import Signal

from .local import REPLY_LIMIT, STATE_LIMIT, STUDY_LIMIT, UNREADABLE, Local, LocalError, file_of, read_file, write_files

LIMITS = {"study.yaml": STUDY_LIMIT, "study.yaml.sig": 1000, "state": STATE_LIMIT}


class SiteExecutor(Executor):  # type: ignore[misc]
    """Takes the study, its signature and the state of a round from the job, and nothing else; the reply of an error has
    the exit code and no word."""

    def execute(self, task_name: str, shareable: Shareable, fl_ctx: FLContext, abort_signal: Signal) -> Shareable:
        """The reply to `summarise` or `step`."""
        try:
            given = from_shareable(shareable).data
            files = {name: file_of(given[name], limit) for name, limit in LIMITS.items() if name in given}
            if "study.yaml" not in files or ("state" in files) != (task_name == "step"):
                raise ValueError(task_name)
        except (KeyError, TypeError, ValueError):
            return make_reply(ReturnCode.BAD_TASK_DATA)
        try:
            local = Local(fl_ctx.get_engine().get_workspace())
            with tempfile.TemporaryDirectory(prefix="radiomill-") as folder:
                write_files(folder, {**files})
                names = {"{%s}" % key: [os.path.join(folder, name)]
                         for key, name in (("study", "study.yaml"), ("state", "state"), ("out", "out"))}
                code = local.run(task_name, names, folder, lambda: bool(abort_signal.triggered))
                if code == 0:
                    reply = {"file": file_of(read_file(names["{out}"][0]), REPLY_LIMIT)}
                    return DXO(DataKind.APP_DEFINED, data=reply).to_shareable()
        except (LocalError, OSError, ValueError) as error:
            self.log_warning(fl_ctx, f"radiomill: {error}")  # for people at the site
            code = UNREADABLE
        refusal: Any = make_reply(ReturnCode.EXECUTION_RESULT_ERROR)
        refusal["exit_code"] = code
        return refusal
