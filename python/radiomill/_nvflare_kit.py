"""`radiomill nvflare`: writes all files of a network, and carries a study through it."""
from __future__ import annotations

import argparse
import base64
import json
import os
import re
import shutil
import sys
import time
from string import Template
from typing import Any

from .nvflare.local import STUDY_LIMIT

TEMPLATES = os.path.join(os.path.dirname(os.path.realpath(__file__)), "nvflare/kit")


def _fill(source: str, path: str, **words: str) -> None:
    with open(os.path.join(TEMPLATES, source), encoding="utf-8") as file:
        text = Template(file.read()).substitute(words)
    _write(path, text)


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "x", encoding="utf-8") as file:
        file.write(text)


class KitError(Exception):
    """What is wrong, with its exit code."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def _read(path: str, limit: int) -> str:
    try:
        with open(path, "rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise KitError(3, str(error)) from None
    if not 0 < len(content) <= limit:
        raise KitError(4, f"{path}: has {'no' if not content else 'more than %d' % limit} bytes")
    return base64.b64encode(content).decode()  # FLARE takes {word} in a text as a variable


def _job(given: argparse.Namespace) -> dict[str, object]:
    """Files of a job: its configurations, no code; the study, and study.yaml.sig where it is there."""
    args = {"minimum": given.minimum, "deadline": given.deadline, "grace": given.grace,
            "study": _read(given.study, STUDY_LIMIT), "models": list(filter(None, given.models.split(",")))}
    if os.path.exists(given.study + ".sig"):
        args["signature"] = _read(given.study + ".sig", 1000)
    empty = {"format_version": 2, "components": [], "task_data_filters": [], "task_result_filters": []}
    site = {"path": "radiomill.nvflare.site.SiteExecutor", "args": {}}
    hub = {"id": "study", "path": "radiomill.nvflare.hub.StudyController", "args": args}
    return {"meta.json": {"name": "radiomill", "resource_spec": {}, "min_clients": given.minimum,
                          "deploy_map": {"app": ["@ALL"]}},
            "app/config/config_fed_client.json": {**empty, "executors": [{"tasks": ["summarise", "step"], "executor": site}]},
            "app/config/config_fed_server.json": {**empty, "workflows": [hub], "dead_client_grace_period": 10,
                                                  "dead_client_check_lead_time": 10}}


def kit(given: argparse.Namespace) -> int:
    """Writes the folder."""
    sites = given.sites.split(",")
    for name in (*sites, given.server):
        if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name, re.ASCII) or (*sites, given.server).count(name) > 1:
            raise KitError(4, f"{name!r}: names are of letters, digits, _, . and -, and each is another")
    job = _job(given)
    os.makedirs(given.output)  # a folder that is there is not written over
    clients = "\n".join(f"  - {{name: {site}, type: client, org: {site}}}" for site in sites)
    _fill("project.yml", os.path.join(given.output, "project.yml"), clients=clients, server=given.server,
          admin=given.admin, port=str(given.port), admin_port=str(given.port + 1))
    _fill("README", os.path.join(given.output, "README"), admin=given.admin)
    for kind, place, name in [("server", "server", ""), *(("site", f"sites/{site}", site) for site in sites)]:
        local = os.path.join(given.output, place, "local")
        _fill(f"{kind}.json", os.path.join(local, "radiomill.json"), site=name, sites=json.dumps(sites))
        for source, target in ((f"{kind}_resources.json", "resources.json"), ("authorization.json", "authorization.json")):
            _fill(source, os.path.join(local, target))
    for path, content in job.items():
        _write(os.path.join(given.output, "job", path), json.dumps(content, indent=1) + "\n")
    print(f"{given.output}: {len(sites)} sites, the server and a job; README says where each goes")
    return 0


def submit(given: argparse.Namespace) -> int:
    """Submits, waits, ends the job at the deadline, fetches the result."""
    from nvflare.fuel.flare_api.flare_api import new_secure_session

    if os.path.exists(given.output):
        raise KitError(5, f"{given.output}: is there already; name another folder (-o)")
    session = None
    try:
        session = new_secure_session(given.user, given.admin)
        job = session.submit_job(given.job)
        status = _wait(session, job, given.deadline)
        if not status.startswith("FINISHED"):
            session.abort_job(job)
            status = f"aborted after {given.deadline} s, {_wait(session, job, 60)}"
        details = session.get_job_meta(job).get("job_deploy_detail", [])
        if "FAILED_TO_RUN" not in status:
            shutil.move(os.path.join(session.download_job_result(job), "workspace"), given.output)
    except Exception as error:  # of FLARE: no connection, no right, no result
        raise KitError(7, f"{type(error).__name__}: {error}") from None
    finally:
        if session:
            session.close()
    if "COMPLETED" not in status:
        raise KitError(7, f"{given.job}: {status}; {_fault(given.output) or '; '.join(details)}")
    print(f"{given.output}: {status}")
    return 0


def _wait(session: Any, job: str, seconds: float) -> str:
    end = time.monotonic() + seconds
    while not (status := str(session.get_job_meta(job)["status"])).startswith("FINISHED") and time.monotonic() < end:
        time.sleep(1)
    return status


def _fault(result: str) -> str:
    try:
        with open(os.path.join(result, "sites.json"), encoding="utf-8") as file:
            return str(json.load(file)["fault"])
    except (OSError, ValueError, KeyError):
        return ""


def main(words: list[str]) -> int:
    """`radiomill nvflare kit` and `radiomill nvflare submit`."""
    parser = argparse.ArgumentParser("radiomill nvflare", description="Studies over NVIDIA FLARE.")
    verbs = parser.add_subparsers(required=True, metavar="kit|submit")
    verb = verbs.add_parser("kit", help="write the files of a network and the job of a study")
    verb.set_defaults(run=kit)
    verb.add_argument("study", help="study.yaml; study.yaml.sig beside it goes along")
    verb.add_argument("--sites", required=True, help="names, with commas between")
    verb.add_argument("--server", default="localhost", help="host name of the server")
    verb.add_argument("--port", type=int, default=8002, help="of the server; the next one is for admins")
    verb.add_argument("--admin", default="lead@coordinator.org", help="an address, which is the name of the admin")
    verb.add_argument("--minimum", type=int, default=3, help="sites that a pool needs")
    verb.add_argument("--models", default="", help="of the study, to be fitted in rounds, with commas between")
    verb.add_argument("--grace", type=int, default=60, help="seconds for further sites once these have sent theirs")
    verb.add_argument("-o", "--output", default="kit")
    other = verbs.add_parser("submit", help="submit a job, wait for it, fetch its result")
    other.set_defaults(run=submit)
    other.add_argument("job", help="folder")
    other.add_argument("-a", "--admin", required=True, help="startup folder of the admin")
    other.add_argument("-u", "--user", required=True, help="name of the admin")
    other.add_argument("-o", "--output", default="result")
    for each in (verb, other):
        each.add_argument("--deadline", type=int, default=3600, help="seconds")
    given = parser.parse_args(words)
    try:
        return int(given.run(given))
    except ImportError:
        print("radiomill: nvflare: pip install 'radiomill[nvflare]'", file=sys.stderr)
        return 7
    except KitError as error:
        print(f"radiomill: nvflare: {error}", file=sys.stderr)
        return error.status
    except OSError as error:
        print(f"radiomill: nvflare: {error}", file=sys.stderr)
        return 5
