"""What crosses the wire: studies and signatures one way, summaries and exit codes the other, and nothing else."""
import csv
import struct

import msgpack
from demo_live import SITES, expect
from nvflare.fuel.utils import fobs
from nvflare.private.fed.utils.fed_utils import nvflare_fobs_initialize

DATA = 1
# Messages that FLARE sends by itself: who is there, whether a job is still wanted, who did what when.
OWN = {("admin", "admin"), ("admin", "train.notify_job_status"), ("cellnet.channel", "bye"), ("task", "challenge"),
       ("sm__STREAM", "sm__ERROR"), ("task", "heart_beat"), ("task", "register"), ("task", "report_job_failure"), ("sm__STREAM", "sm__ACK"),
       ("aux_communication", "__sync_runner__"), ("aux_communication", "__job_heartbeat__"),
       ("aux_communication", "__task_check__"), ("aux_communication", "__end_run__"),
       ("client_command", "abort")}  # the last: of a site that lost its server, to its own job


def marks(folder):
    """How far each process has written."""
    return {path: path.stat().st_size for path in (folder / "tap").glob("*.tap")}


def messages(folder, since, sites: bool):
    """Who sent it, what it is, and its bytes, of the processes of the sites, or of the server."""
    nvflare_fobs_initialize()
    for path in sorted((folder / "tap").glob("*.tap")):
        with open(path, "rb") as file:
            file.seek(since.get(path, 0))
            records = list(msgpack.Unpacker(file, strict_map_key=False, max_buffer_size=1 << 30))
        sent = [record for record in records if "from" in record]
        frames = sum(record.get("frame") == DATA for record in records)
        assert len(sent) - 1 <= frames <= len(sent)  # no other way out; the last one may have met a kill
        for record in sent:
            name = record["from"].split(".")[0]
            headers = record["headers"]
            own = headers.get("cn__origin", record["from"]) == record["from"]  # not what it hands on between two others
            if own and (name in SITES) == sites:
                kind = (headers.get("cn__channel"), headers.get("cn__topic"))
                if kind == ("sm__STREAM", "sm__DATA"):
                    assert headers["sm__sq"] == 0 and headers["sm__sz"] == len(record["payload"])  # whole in one frame
                    kind = (headers["sm__ch"], headers["sm__tp"])
                yield name, kind, headers, record["payload"]


def private_words(folder, site):
    """What a row, a place or a word of that site would look like on the wire."""
    with open(folder / site / "patients.csv", newline="") as file:
        rows = list(csv.reader(file))
    for row in rows[1::10]:
        yield row[0].encode()  # who it is
        for text in row[7:]:
            if text:
                yield text.encode()
                yield struct.pack("<d", float(text))
                yield struct.pack(">d", float(text))
    yield from (str(folder / site).encode(), b"patients.csv", b"WORDS", b".key")


def read_wire(folder, since):
    """What the sites sent, by site and task; exit codes; what the server handed out. All else must be FLARE's own."""
    files, codes, bare = {site: [] for site in SITES}, [], {site: b"" for site in SITES}
    for site, kind, headers, payload in messages(folder, since, sites=True):
        bare[site] += repr(headers).encode()
        if kind not in OWN:
            assert kind in (("server_command", "get_task"), ("server_command", "submit_update")), kind
            content = fobs.loads(payload)
            if kind[1] == "get_task":
                assert set(content) == {"__headers__"}
            elif "DXO" in content:
                assert set(content) == {"__headers__", "DXO"} and not content["DXO"].pop("meta")
                assert set(content["DXO"]) == {"kind", "data"} and set(content["DXO"]["data"]) == {"file"}
                sent = content["DXO"]["data"]["file"]
                assert sent.startswith(b"radiomill sealed 1 ")
                files[site].append((content["__headers__"]["__task_name__"], sent))
                payload = payload.replace(sent, b"")
            else:
                assert set(content) - {"exit_code"} == {"__headers__"}
                codes.append((site, content.get("exit_code")))
            assert len(payload) < 2000
        bare[site] += payload
    for site in SITES:
        assert len(bare[site]) > 5000  # it was looked at
        assert not [word for word in private_words(folder, site) if word in bare[site]]
    handed = []
    for _, kind, _, payload in messages(folder, since, sites=False):
        if kind == ("return_only", "server_command:get_task"):
            content = fobs.loads(payload)
            if "DXO" in content:
                handed.append(content["DXO"]["data"])
                assert set(handed[-1]) - {"state"} == {"study.yaml", "study.yaml.sig"}
                for name in ("study.yaml", "study.yaml.sig"):
                    assert handed[-1][name] == (folder / name).read_bytes()
    return files, codes, handed


def test_wire(net, folder):
    since = marks(folder)
    expect(net.submit("wire"))
    tells = ["sh", "-c", f"echo WORDS >&2; cat {folder}/D/patients.csv; exit 10"]
    net.local("D", summarise=tells)
    expect(net.submit("told"), D="refused 10")
    assert "WORDS" in (folder / "D/log").read_text()
    files, codes, handed = read_wire(folder, since)
    assert codes == [("D", 10)] and len(handed) == 8 and not [given for given in handed if "state" in given]
    assert {site: len(sent) for site, sent in files.items()} == {"A": 2, "B": 2, "C": 2, "D": 1}
    study = next((folder / "HUB/studies").iterdir())
    for site in SITES:
        assert files[site][-1] == ("summarise", (study / f"{site}.radsum").read_bytes())


def test_what_is_looked_for_would_be_found(folder):
    """The words of the test are there in the rows of the site."""
    text = (folder / "A/patients.csv").read_bytes()
    words = list(private_words(folder, "A"))
    assert len(words) > 1500 and sum(word in text for word in words) > 15 * 30
