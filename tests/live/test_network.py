"""Who may do what in the network, and how a study ends that cannot be pooled."""
import json
import shutil
import socket
import ssl
import time
from pathlib import Path

import pytest
from demo_live import PROGRAM, SITES, command, expect
from network import LONGEST, descendants

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


def greets(port, root, certificate=None, tls=True) -> bool:
    """Does the server answer a peer with that certificate (folder of its kit), or without one?"""
    context = ssl.create_default_context(cafile=root)
    context.check_hostname = False
    context.set_alpn_protocols(["h2"])
    if certificate:
        context.load_cert_chain(certificate / "client.crt", certificate / "client.key")
    try:
        with socket.create_connection(("localhost", port), LONGEST) as bare:
            with context.wrap_socket(bare) if tls else bare as peer:
                peer.sendall(PREFACE)
                peer.settimeout(LONGEST)
                return len(peer.recv(9)) == 9  # the settings of HTTP/2
    except (ssl.SSLError, ConnectionError):
        return False


def test_peers(net, folder):
    """Only who has a certificate of this network."""
    net.call("env", f"PATH={net.environment['PATH']}", "nvflare", "provision", "-p", folder / "kit/project.yml", "-w", folder / "strangers")
    root = net.place["A"] / "startup/rootCA.pem"
    stranger = folder / "strangers/radiomill/prod_00/A/startup"
    for port in (net.port, net.port + 1):
        assert greets(port, root, net.place["A"] / "startup")
        assert not greets(port, root)
        assert not greets(port, root, stranger)
        assert not greets(port, root, tls=False)


def command_of(pid) -> bytes:
    """The words of a process; none of one that has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def wait_until(so):
    end = time.monotonic() + LONGEST
    while not so():
        assert time.monotonic() < end
        time.sleep(0.2)


def job(folder, name, change):
    """The job of the kit, changed."""
    shutil.copytree(folder / "kit/job", folder / name)
    for side in ("client", "server"):
        path = folder / name / f"app/config/config_fed_{side}.json"
        content = json.loads(path.read_text())
        change(side, content)
        path.write_text(json.dumps(content))
    return name


def test_a_job_names_no_other_class(net, folder):
    """A component of Python itself would be a command at the hospital."""
    marker = folder / "marker"

    def change(side, content):
        if side == "client":
            content["components"] = [{"id": "x", "path": "subprocess.Popen", "args": {"args": ["touch", str(marker)]}}]
    said = net.submit("classes", job(folder, "job-classes", change), code=7, deadline=60)
    assert not marker.exists(), said


def test_a_job_brings_no_code(net, folder):
    marker = folder / "code"

    def change(side, content):
        if side == "client":
            content["executors"][0]["executor"]["path"] = "own.Own"
    name = job(folder, "job-code", change)
    (folder / name / "app/custom").mkdir()
    (folder / name / "app/custom/own.py").write_text(f"open({str(marker)!r}, 'w')\n")
    said = net.submit("code", name, code=7, deadline=60)
    assert not marker.exists() and "byoc" in json.dumps(said).lower(), said


def test_no_shell(net):
    """The server would allow it here; a site does not show its files."""
    session = net.session()
    try:
        assert "state" in session.cat_target("server", file="local/radiomill.json")
        with pytest.raises(Exception) as refusal:
            print(session.cat_target("A", file="local/radiomill.json"))
        assert "authoriz" in str(refusal.value).lower() or "permi" in str(refusal.value).lower()
    finally:
        session.close()


def test_too_few(net, folder):
    """A key in the folder of FLARE, a study that is not the coordinator's, a program that crashes: named, and no pool."""
    inside = net.place["D"] / "D.key"
    shutil.copy(folder / "D/D.key", inside)
    net.local("D", summarise=[str(inside) if word.endswith("D.key") else word for word in command(folder, "D")])
    net.local("C", summarise=[word.replace("HUB.pub", "../C/C.pub") for word in command(folder, "C")])
    net.local("B", summarise=["sh", "-c", "kill -SEGV $$"])
    got = net.submit("few", code=7)
    inside.unlink()
    assert got["sites"] == {"A": {"outcome": "pooled"}, "B": {"outcome": "failed", "exit_code": 139},
                            "C": {"outcome": "refused", "exit_code": 12}, "D": {"outcome": "failed", "exit_code": 3}}
    assert "1 of 3 sites that are needed" in got["fault"]
    assert not (folder / "few/pooled").exists()


def test_deadline(net, folder):
    """The caller's: the job, which runs at every site, is aborted, and what runs there is ended."""
    seconds = 90  # for the job to begin in, too
    for site in SITES:
        net.local(site, summarise=["sleep", "4720.5"])

    def running():
        return {site for site in SITES for pid in descendants(net.process[site].pid) if b"4720.5" in command_of(pid)}

    def begins():
        wait_until(lambda: running() == set(SITES))
    got = net.submit("late", code=7, deadline=seconds, meanwhile=begins)
    assert f"aborted after {seconds} s" in got["said"]
    wait_until(lambda: not running())
