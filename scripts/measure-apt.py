#!/usr/bin/env python3
"""Measures data/apt.json: what `apt-get install` of each row brings, with and without recommends, on top of a slim image.

Run it on Debian of the release that is to be measured, after `apt-get update`. Nothing is installed: apt simulates against a
status file that holds what a python:X-slim image has (essential and required packages, ca-certificates, netbase, tzdata and what
these need). Sums are of Installed-Size, which Debian gives in KiB.

    python3 scripts/measure-apt.py data/apt.json
"""
import datetime, json, re, subprocess, sys, tempfile

BASE = {"ca-certificates", "netbase", "tzdata", "apt"}


def stanzas(text):
    for block in text.split("\n\n"):
        fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", block, re.M))
        if "Package" in fields:
            yield fields["Package"], fields, block


def slim_status():
    installed = {name: (fields, block) for name, fields, block in stanzas(open("/var/lib/dpkg/status").read())}
    wanted = {n for n, (f, _) in installed.items() if f.get("Essential") == "yes" or f.get("Priority") == "required" or n in BASE}
    open_names = list(wanted)
    while open_names:
        fields, _ = installed[open_names.pop()]
        for group in re.split(r",\s*", fields.get("Depends", "") + ", " + fields.get("Pre-Depends", "")):
            for choice in group.split("|"):
                name = re.sub(r"[\s:(].*", "", choice.strip())
                if name in installed:
                    if name not in wanted:
                        wanted.add(name)
                        open_names.append(name)
                    break
    return "\n\n".join(block for name, (_, block) in sorted(installed.items()) if name in wanted) + "\n"


def measure(packages, recommends, status):
    options = ["-o", f"Dir::State::status={status}", "-o", f"APT::Install-Recommends={'true' if recommends else 'false'}"]
    out = subprocess.run(["apt-get", "-s", *options, "install", *packages], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, timeout=120).stdout
    names = re.findall(r"^Inst (\S+) \((\S+)", out, re.M)
    shown = subprocess.run(["apt-cache", "show", "--no-all-versions", *[f"{n}={v}" for n, v in names]], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, timeout=120).stdout
    sizes = {name: int(fields["Installed-Size"]) * 1024 for name, fields, _ in stanzas(shown)}
    return len(names), sum(sizes[name] for name, _ in names)


def main(path):
    data = json.load(open(path))
    with tempfile.NamedTemporaryFile("w", suffix=".status") as status:
        status.write(slim_status())
        status.flush()
        rows = []
        for row in data["rows"]:
            try:
                without, lean = measure(row["packages"], False, status.name)
                with_recommends, full = measure(row["packages"], True, status.name)
            except subprocess.SubprocessError as error:
                print(f"left out: {error}", file=sys.stderr)
                continue
            rows.append({**row, "count": without, "bytes": lean, "countWithRecommends": with_recommends, "bytesWithRecommends": full})
    data["_meta"]["date"] = datetime.date.today().isoformat()
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    with open(path, "w") as file:
        file.write('{\n "_meta": ' + json.dumps(data["_meta"]) + ',\n "rows": [\n' + lines + "\n ]\n}\n")


main(sys.argv[1])
