#!/usr/bin/env python3
"""Runs a command twice, its output into pipes and on a terminal, and fails where anything comes out that a terminal could obey.

    clean.py [--terminal] [--shows TEXT] COMMAND ARGUMENT...

--terminal: on the terminal only. --shows: this text must come out. Allowed are text in UTF-8, line ends, and our own way to the beginning of a
line that is drawn again."""
import os, pty, re, subprocess, sys

FORBIDDEN = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]')


def on_terminal(command):
    reader, writer = pty.openpty()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer, close_fds=True)
    os.close(writer)
    said = b''
    while True:
        try:
            piece = os.read(reader, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    return said, process.wait()


def into_pipes(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout, done.returncode


def main():
    words, terminal, shows = sys.argv[1:], False, None
    while words[0].startswith('--'):
        if words[0] == '--terminal':
            terminal = True
        else:
            shows = words[1]
            words = words[1:]
        words = words[1:]
    for way in [on_terminal] if terminal else [into_pipes, on_terminal]:
        said, code = way(words)
        said = said.replace(b'\r\x1b[K', b'').replace(b'\r\r\n', b'\n').replace(b'\r\n', b'\n')
        try:
            text = said.decode()
        except UnicodeDecodeError as error:
            sys.exit(f'{way.__name__}: {error}: {said[max(0, error.start - 60):error.end + 20]!r}')
        found = FORBIDDEN.search(text)
        if found:
            sys.exit(f'{way.__name__}: {found[0]!r} in {text[max(0, found.start() - 100):found.end() + 20]!r}')
        if code < 0 or code > 126 or not text:
            sys.exit(f'{way.__name__}: exit code {code}, output {text!r}')
        if shows and shows not in text:
            sys.exit(f'{way.__name__}: no {shows!r} in {text[-2000:]!r}')


main()
