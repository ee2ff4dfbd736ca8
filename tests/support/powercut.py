#!/usr/bin/env python3
"""What a power cut may leave of a folder: records the system calls of a command, then replays them up to every point with what
was not synced dropped in all ways that count, and asks a check about each state.

    powercut.py FOLDER --check SHELL [--most N] -- COMMAND ARGUMENT...

COMMAND runs in FOLDER under strace. Then FOLDER is set to each state in turn (by name, so that absolute paths stay right) and SHELL runs
in it by `sh -c`, after COMMAND's own effects only; exit code 0: all is well. What the check sees in its environment:

    POWERCUT_DONE   1 where COMMAND had ended, with exit code 0, before the power went
    POWERCUT_SAID   a file: what COMMAND and its children had written to standard output and error by then
    POWERCUT_SEEN   a file: paths of files that were there for a running system, a line each
    POWERCUT_STATE  what was dropped, in words

The model is POSIX, taken strictly: bytes are durable after fsync or fdatasync of the file, names after fsync of their folder, a rename
is one step; names and bytes may come in any order, but that of one name's own steps. States of a point: everything (a killed process), nothing,
prefixes, bytes without names, names without bytes, one file or folder alone or all but it, each write and name dropped, the last one torn (half of
it, all but a byte, zeros in its place). Equal states are asked once. --most N takes N of them, evenly. At the end FOLDER is as
COMMAND left it. Not seen: writes through shared mappings (SQLite's -shm holds nothing that outlives a process)."""
import argparse, fnmatch, hashlib, os, re, shutil, subprocess, sys, tempfile

CALLS = ('open,openat,creat,read,pread64,readv,write,pwrite64,writev,pwritev,pwritev2,lseek,ftruncate,truncate,fallocate,fsync,fdatasync,'
         'sync,syncfs,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,symlink,symlinkat,dup,dup2,dup3,fcntl,'
         'copy_file_range,sendfile')


def unhex(text):
    return bytes.fromhex(text.replace('\\x', ''))


class Call:
    """One line of strace: name, arguments (text; strings as bytes), result, path behind the result."""

    def __init__(self, pid, name, arguments, result, start):
        self.pid, self.name, self.start = pid, name, start
        self.arguments = [self.argument(a) for a in re.findall(r'\[.*?\]|\{.*?\}|(?:"[^"]*"|[^,\[{])+', arguments)]
        found = re.match(r'(-?\d+|\?|0x[0-9a-f]+)(?:<([\\x0-9a-f]*)>)?', result)
        self.result = int(found[1], 0) if found and found[1] != '?' else -1
        self.path = os.fsdecode(unhex(found[2])) if found and found[2] else None

    @staticmethod
    def argument(text):
        text = text.strip()
        return unhex(text[1:-1]) if text.startswith('"') else text

    def fd(self, i=0):
        found = re.match(r'(-?\d+|AT_FDCWD)(?:<([\\x0-9a-f]*)>)?', self.arguments[i])
        return found[1], os.fsdecode(unhex(found[2])) if found[2] else None

    def name_at(self, i, folder=None):
        """The path of argument i, beside the folder behind argument `folder`."""
        path = os.fsdecode(self.arguments[i])
        beside = self.fd(folder)[1] if folder is not None else Call.cwd
        return os.path.normpath(os.path.join(beside, path))


def read_log(path):
    pending, calls = {}, []
    for number, line in enumerate(open(path)):
        pid, rest = line.split(None, 1)
        rest = rest.rstrip('\n')
        start = number
        if rest.startswith(('---', '+++')):
            continue
        if rest.endswith('<unfinished ...>'):
            pending[pid] = rest[:-len('<unfinished ...>')], number
            continue
        if rest.startswith('<...'):
            begun, start = pending.pop(pid)
            rest = begun + rest.split('resumed>', 1)[1]
        found = re.match(r'(\w+)\((.*)\)\s+= (.*)$', rest)
        if found:
            calls.append((number, Call(pid, *found.groups(), start)))
    return calls


class Node:
    """A file or folder, whatever its name."""

    def __init__(self, kind, origin=None):
        self.kind, self.origin, self.size = kind, origin, os.path.getsize(origin) if origin and kind == 'file' else 0


class Step:
    """What one call changes: bytes of a node, or names of a folder. Durable from call number `durable` on."""

    def __init__(self, number, group, kind, **what):
        self.number, self.group, self.kind, self.durable = number, group, kind, None
        self.__dict__.update(what)
        self.names = kind in ('name', 'unname', 'rename')

    def __str__(self):
        return f'{self.kind} {getattr(self, "path", "") or getattr(self, "label", "")}'.strip()


class Description:
    def __init__(self, node, path, append):
        self.node, self.path, self.append, self.at = node, path, append, 0


class Recording:
    def __init__(self, folder, initial, calls):
        self.folder, self.steps, self.points, self.said, self.files = folder, [], [], b'', {}
        self.nodes = {folder: Node('folder')}  # by name, as a running system sees them
        for root, folders, files in os.walk(initial):
            for kind, names in (('folder', folders), ('file', files)):
                for name in names:
                    real = os.path.join(root, name)
                    link = 'link' if os.path.islink(real) else kind
                    self.nodes[os.path.normpath(os.path.join(folder, os.path.relpath(real, initial)))] = Node(link, real)
        self.initial = dict(self.nodes)
        for number, call in calls:
            if call.result >= 0 or call.name == 'sync':
                self.number = number
                before = len(self.steps), sum(s.durable is not None for s in self.steps)
                getattr(self, 'on_' + call.name, lambda c: None)(call)
                if before != (len(self.steps), sum(s.durable is not None for s in self.steps)):
                    self.points.append((number, len(self.said), sorted(p for p, n in self.nodes.items() if n.kind == 'file')))

    def inside(self, path):
        return path is not None and (path == self.folder or path.startswith(self.folder + '/'))

    def step(self, group, kind, **what):
        self.steps.append(Step(self.number, group, kind, **what))

    def described(self, call, i=0):
        """The open file behind argument i, None outside of the folder."""
        fd, path = call.fd(i)
        found = self.files.get((call.pid, fd))
        if found and (path is None or found.path == path or found.node is self.nodes.get(path) or path.startswith(found.path)
                      or not self.inside(path)):
            return found if self.inside(found.path) else None
        if not self.inside(path):
            return None
        node = self.nodes.get(path)
        for (_, other), d in self.files.items():  # of another thread, or of the process before a fork
            if other == fd and d.node is node and node:
                return d
        return Description(node, path, False) if node else None

    # names
    def opened(self, call, path, flags):
        self.files.pop((call.pid, str(call.result)), None)
        if 'O_TMPFILE' in flags:
            path = call.path
            if self.inside(path):
                self.files[call.pid, str(call.result)] = Description(Node('file'), path, False)
            return
        path = call.path or path
        if not self.inside(path):
            return
        if path not in self.nodes and 'O_CREAT' in flags:
            self.nodes[path] = Node('file')
            self.step(self.nodes[os.path.dirname(path)], 'name', path=path, node=self.nodes[path])
        node = self.nodes.get(path)
        if not node:
            return
        if 'O_TRUNC' in flags and node.size:
            self.truncated(node, path, 0)
        d = self.files[call.pid, str(call.result)] = Description(node, path, 'O_APPEND' in flags)
        d.sync = 'O_SYNC' in flags or 'O_DSYNC' in flags

    def on_openat(self, call):
        self.opened(call, call.name_at(1, 0), call.arguments[2])

    def on_open(self, call):
        self.opened(call, call.name_at(0), call.arguments[1])

    def on_creat(self, call):
        self.opened(call, call.name_at(0), 'O_CREAT|O_TRUNC')

    def put_name(self, path, node):
        if self.inside(path):
            self.nodes[path] = node
            self.step(self.nodes[os.path.dirname(path)], 'name', path=path, node=node)

    def moved(self, old, new):
        if not (self.inside(old) and self.inside(new)):
            if self.inside(old) or self.inside(new):
                raise SystemExit(f'powercut: rename across the border of the folder: {old} to {new}')
            return
        for path in [p for p in self.nodes if p == old or p.startswith(old + '/')]:
            self.nodes[new + path[len(old):]] = self.nodes.pop(path)
        self.step(self.nodes[os.path.dirname(new)], 'rename', path=new, old=old, node=self.nodes[new],
                  also=self.nodes[os.path.dirname(old)])

    def on_rename(self, call):
        self.moved(call.name_at(0), call.name_at(1))

    def on_renameat(self, call):
        self.moved(call.name_at(1, 0), call.name_at(3, 2))

    on_renameat2 = on_renameat

    def on_link(self, call):
        self.put_name(call.name_at(1), self.nodes.get(call.name_at(0)))

    def on_linkat(self, call):
        old = os.fsdecode(call.arguments[1])
        if old.startswith('/proc/self/fd/') or not old:
            found = self.files.get((call.pid, os.path.basename(old) or call.fd(0)[0]))
            node = found.node if found else None  # none of ours
        else:
            node = self.nodes.get(call.name_at(1, 0))
        new = call.name_at(3, 2)
        if self.inside(new) and not node:
            raise SystemExit(f'powercut: link across the border of the folder: {old} to {new}')
        self.put_name(new, node)

    def removed(self, path):
        if self.inside(path):
            self.nodes.pop(path, None)
            self.step(self.nodes[os.path.dirname(path)], 'unname', path=path)

    def on_unlink(self, call):
        self.removed(call.name_at(0))

    on_rmdir = on_unlink

    def on_unlinkat(self, call):
        self.removed(call.name_at(1, 0))

    def on_mkdir(self, call):
        self.put_name(call.name_at(0), Node('folder'))

    def on_mkdirat(self, call):
        self.put_name(call.name_at(1, 0), Node('folder'))

    def on_symlink(self, call):
        raise SystemExit('powercut: symbolic links are not replayed')

    on_symlinkat = on_symlink

    # bytes
    def wrote(self, d, at, data):
        self.step(d.node, 'write', at=at, data=data, label=os.path.relpath(d.path, self.folder))
        d.node.size = max(d.node.size, at + len(data))
        if getattr(d, 'sync', False):
            self.steps[-1].durable = self.number

    def on_write(self, call):
        data = call.arguments[1][:call.result]
        d = self.described(call)
        if d is None:
            if call.fd()[0] in ('1', '2'):
                self.said += data
            return
        if d.append:
            d.at = d.node.size
        self.wrote(d, d.at, data)
        d.at += len(data)

    def on_pwrite64(self, call):
        d = self.described(call)
        if d:
            self.wrote(d, int(call.arguments[3]), call.arguments[1][:call.result])

    def gathered(self, call):
        return b''.join(unhex(t) for t in re.findall(r'iov_base="([^"]*)"', call.arguments[1]))[:call.result]

    def on_writev(self, call):
        call.arguments[1] = self.gathered(call)
        self.on_write(call)

    def on_pwritev(self, call):
        call.arguments[1] = self.gathered(call)
        self.on_pwrite64(call)

    on_pwritev2 = on_pwritev

    def on_read(self, call):
        d = self.described(call)
        if d:
            d.at += call.result

    on_readv = on_read

    def on_lseek(self, call):
        d = self.described(call)
        if d:
            d.at = call.result

    def truncated(self, node, path, size):
        self.step(node, 'truncate', size=size, label=os.path.relpath(path, self.folder))
        node.size = size

    def on_ftruncate(self, call):
        d = self.described(call)
        if d:
            self.truncated(d.node, d.path, int(call.arguments[1]))

    def on_truncate(self, call):
        path = call.name_at(0)
        if self.inside(path):
            self.truncated(self.nodes[path], path, int(call.arguments[1]))

    def on_fallocate(self, call):
        d = self.described(call)
        size = int(call.arguments[2]) + int(call.arguments[3])
        if d and call.arguments[1] == '0' and size > d.node.size:
            self.truncated(d.node, d.path, size)

    def on_copy_file_range(self, call):
        if self.described(call, 2):
            raise SystemExit('powercut: copy_file_range is not replayed')

    def on_sendfile(self, call):
        if self.described(call):
            raise SystemExit('powercut: sendfile is not replayed')

    # copies of descriptors
    def copied(self, call):
        d = self.described(call)
        self.files.pop((call.pid, str(call.result)), None)
        if d:
            self.files[call.pid, str(call.result)] = d

    on_dup = on_dup2 = on_dup3 = copied

    def on_fcntl(self, call):
        if call.arguments[1].startswith('F_DUPFD'):
            self.copied(call)

    # what makes durable
    def on_fsync(self, call):
        d = self.described(call)
        for s in self.steps:
            if d and d.node in (s.group, getattr(s, 'also', None)) and s.durable is None and s.number <= call.start:
                s.durable = self.number

    on_fdatasync = on_fsync

    def on_sync(self, call):
        for s in self.steps:
            s.durable = self.number if s.durable is None else s.durable

    on_syncfs = on_sync


def torn(step):
    half = len(step.data) // 2
    for words, data in (('half of', step.data[:half]), ('all but a byte of', step.data[:-1]), ('zeros in place of', bytes(len(step.data)))):
        again = Step(step.number, step.group, 'write', at=step.at, data=data, label=step.label)
        yield words, again


def choices(steps, number):
    """What may be there of the steps up to call `number`: (words, steps)."""
    done = [s for s in steps if s.number <= number]
    sure = {id(s) for s in done if s.durable is not None and s.durable <= number}
    open_ = [s for s in done if id(s) not in sure]

    def keep(wanted):
        return [s for s in done if id(s) in sure or wanted(s)]

    yield 'nothing was dropped', done
    if not open_:
        return
    yield 'all that was not synced was dropped', keep(lambda s: False)
    yield 'bytes that were not synced were dropped', keep(lambda s: s.names)
    yield 'names that were not synced were dropped', keep(lambda s: not s.names)
    for last in open_[:-1]:
        yield f'what came after "{last}" was dropped', keep(lambda s: s.number <= last.number)
    groups = list({id(s.group): s.group for s in open_}.values())
    for g in groups:
        about = next(str(s) for s in open_ if s.group is g)
        yield f'of what was not synced only "{about}" and its like are there', keep(lambda s: s.group is g)
        yield f'"{about}" and its like were dropped', keep(lambda s: s.group is not g)
    for s in open_:
        if not any(s.names and s.path in (t.path, getattr(t, 'old', '')) for t in open_ if t.names and t is not s):
            yield f'"{s}" was dropped', keep(lambda t: t is not s)
    writes = [s for s in open_ if s.kind == 'write' and s.data]
    for s in writes[-1:]:
        for words, again in torn(s):
            yield f'{words} "{s}" is there', [again if t is s else t for t in done]
            yield f'{words} "{s}" is there, later and other things were dropped', [
                again if t is s else t for t in keep(lambda t: t is s or t.group is s.group and t.number < s.number)]


def put_bytes(content, step):
    if step.kind == 'truncate':
        del content[step.size:]
        content.extend(bytes(max(0, step.size - len(content))))
    else:
        content.extend(bytes(max(0, step.at - len(content))))
        content[step.at:step.at + len(step.data)] = step.data


def state_of(recording, steps):
    """Names and bytes: {path below the folder: bytes of a file that was written to, Node of any other}."""
    nodes, contents = dict(recording.initial), {}
    for s in steps:
        if s.kind in ('write', 'truncate'):
            if id(s.group) not in contents:
                contents[id(s.group)] = bytearray(open(s.group.origin, 'rb').read() if s.group.origin else b'')
            put_bytes(contents[id(s.group)], s)
        elif s.kind == 'name':
            nodes[s.path] = s.node
        elif s.kind == 'unname':
            nodes.pop(s.path, None)
        else:
            below = [p for p in nodes if p.startswith(s.old + '/')]
            nodes.pop(s.old, None)
            nodes[s.path] = s.node
            for p in below:
                nodes[s.path + p[len(s.old):]] = nodes.pop(p)
    return {p: bytes(contents[id(n)]) if id(n) in contents else n for p, n in nodes.items()
            if p != recording.folder and (os.path.dirname(p) in nodes)}


def digest_of(state):
    h = hashlib.blake2b()
    for path, what in sorted(state.items()):
        text = what if isinstance(what, bytes) else (b'' if what.origin is None else what.origin.encode()) + what.kind.encode()
        h.update(b'%d %s %d ' % (len(path), os.fsencode(path), len(text)) + (b'file' if isinstance(what, bytes) else b'kept') + text)
    return h.digest()


def empty(folder):
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)


def put_state(folder, state):
    empty(folder)
    for path, what in sorted(state.items()):
        if isinstance(what, bytes):
            with open(path, 'wb') as file:
                file.write(what)
            os.chmod(path, 0o600)
        elif what.kind == 'folder':
            os.mkdir(path)
        elif what.origin:
            shutil.copy2(what.origin, path, follow_symlinks=False)
        else:
            open(path, 'wb').close()
            os.chmod(path, 0o600)


def states_of(recording, ended):
    """Every state once, with the latest point that can leave it: what was said by then is most."""
    states = {}
    points = recording.points + [(float('inf'), len(recording.said), recording.points[-1][2])] if recording.points else []
    for number, said, seen in points:
        for words, steps in choices(recording.steps, number):
            state = state_of(recording, steps)
            key = digest_of(state)
            states.pop(key, None)
            done = ended and number == float('inf')
            states[key] = state, said, seen, done, f'after {"the end" if done else f"call {number}"}: {words}'
    return list(states.values())


def record(folder, command, scratch):
    log = os.path.join(scratch, 'log')
    environment = dict(os.environ)
    for name in ('ASAN_OPTIONS', 'LSAN_OPTIONS'):  # the leak checker cannot run below strace
        environment[name] = environment.get(name, '') + ':detect_leaks=0'
    with open(os.path.join(scratch, 'out'), 'wb') as out:
        ended = subprocess.run(['strace', '-f', '-y', '-xx', '-s', '1000000000', '--seccomp-bpf', '-o', log, '-e', 'trace=' + CALLS, '--',
                                *command], cwd=folder, env=environment, stdout=out, stderr=out).returncode
    Call.cwd = folder
    return read_log(log), ended


def ask(check, folder, scratch, state):
    _, said, seen, done, words = state
    return subprocess.run(['sh', '-c', check], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={
        **os.environ, 'POWERCUT_DONE': str(int(done)), 'POWERCUT_SAID': os.path.join(scratch, 'said'),
        'POWERCUT_SEEN': os.path.join(scratch, 'seen'), 'POWERCUT_STATE': words})


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split('\n\n')[1].strip())
    parser.add_argument('folder')
    parser.add_argument('--check', required=True)
    parser.add_argument('--most', type=int, default=0)
    parser.add_argument('--exit', type=int, default=0, help='exit code that COMMAND is to have')
    parser.add_argument('--list', action='store_true', help='show the steps')
    parser.add_argument('command', nargs='+')
    a = parser.parse_args()
    folder = os.path.realpath(a.folder)
    with tempfile.TemporaryDirectory(prefix='powercut.') as scratch:
        initial, final = os.path.join(scratch, 'initial'), os.path.join(scratch, 'final')
        shutil.copytree(folder, initial, symlinks=True)
        calls, code = record(folder, a.command, scratch)
        if code != a.exit:
            print(open(os.path.join(scratch, 'out'), errors='replace').read())
            raise SystemExit(f'powercut: exit code {code}, expected {a.exit}: {" ".join(a.command)}')
        shutil.copytree(folder, final, symlinks=True)
        recording = Recording(folder, initial, calls)
        if a.list:
            for s in recording.steps:
                print(f'call {s.number}: {s}, durable from call {s.durable}')
        states = states_of(recording, code == 0)
        wrong = check_final(recording, final)
        total = len(states)
        if a.most and total > a.most:
            states = [states[i * total // a.most] for i in range(a.most)]
        failed = 0
        for state in states:
            put_state(folder, state[0])
            open(os.path.join(scratch, 'said'), 'wb').write(recording.said[:state[1]])
            open(os.path.join(scratch, 'seen'), 'w').write(''.join(os.path.relpath(p, folder) + '\n' for p in state[2]))
            asked = ask(a.check, folder, scratch, state)
            if asked.returncode:
                failed += 1
                print(f'{state[4]}: exit code {asked.returncode}\n    ' + asked.stdout.decode(errors='replace').strip().replace('\n', '\n    '))
        empty(folder)
        shutil.copytree(final, folder, symlinks=True, dirs_exist_ok=True)
        print(f'{len(recording.steps)} steps, {len(states)} of {total} states, {failed} failed{wrong}')
        sys.exit(1 if failed or wrong or not states else 0)


def check_final(recording, final):
    """The replay of everything is what the command left; else the recording misses something."""
    state = state_of(recording, recording.steps)
    for root, _, files in os.walk(final):
        for name in files:
            real = os.path.join(root, name)
            path = os.path.normpath(os.path.join(recording.folder, os.path.relpath(real, final)))
            if fnmatch.fnmatch(name, '*-shm') or os.path.islink(real):
                continue
            what = state.pop(path, None)
            content = what if isinstance(what, bytes) else b'' if what is None or not what.origin else open(what.origin, 'rb').read()
            if what is None or content != open(real, 'rb').read():
                return f'; the replay differs from the run at {os.path.relpath(path, recording.folder)}'
    more = [p for p, n in state.items() if not (isinstance(n, Node) and n.kind != 'file') and not p.endswith('-shm')]
    return f'; the replay has {os.path.relpath(more[0], recording.folder)}, the run has not' if more else ''


if __name__ == '__main__':
    main()
