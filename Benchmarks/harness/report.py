"""The tables of docs/performance.md, as Markdown."""

BEGIN, END = "<!-- site: begin -->\n", "<!-- site: end -->\n"


def number(value):
    return f"{value:,}"


def seconds(measured):
    if measured is None:
        return "–"
    return f"{measured.seconds:.2f}" if measured.seconds >= 0.1 else f"{measured.seconds * 1000:.0f} ms"


def ratio(bench, job, limit):
    found = bench.ratio(job, limit)
    return "–" if found is None else f"{found:.2f}"


def memory(measured):
    return "–" if measured is None or not measured.report else f"{measured.peak_megabytes:.0f}"


def transactions(measured):
    """The 99th percentile of how long the program's transactions lasted."""
    if measured is None or not measured.transactions:
        return "–"
    return f"{measured.transactions[int(len(measured.transactions) * 0.99)]:.0f}"


def phases(measured):
    """Where the program says that the time went."""
    if measured is None or not measured.report:
        return ""
    return ", ".join(f"{name} {value:.2f}" for name, value in measured.report["seconds"].items())


def table(heads, rows, left=1):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * left + "---:|" * (len(heads) - left)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def shape_text(shape):
    return (f"{number(shape['posts'])} posts, {number(shape['meta'])} rows of post meta, {number(shape['attachments'])} "
            f"attachments of seven files")


def jobs_of(bench):
    """The renames that ran, from small to large, each with its revert."""
    counts = sorted(int(job.split()[1]) for job in bench.runs if job.startswith("rename "))
    return [f"{verb} {count}" for count in counts for verb in ("rename", "revert")]


def name_of(job):
    verb, count = job.split()
    images = "one image" if count == "1" else f"{number(int(count))} images in one pass"
    return f"{verb} {images}"


def main_table(bench):
    """Everything that was measured on one site, as ratios to both limits."""
    jobs = [(bench.database.dump_name, "dump"), (bench.database.scan_name, "scan"),
            ("the peers' method, one image: an `UPDATE … REPLACE` for each URL and column", "peers")]
    jobs += [(name_of(job), job) for job in jobs_of(bench)]
    if bench.best("index"):
        jobs += [("making the reference index", "index")]
        jobs += [(f"{verb} one image, with the index", f"indexed {verb} 1") for verb in ("rename", "revert")]
        jobs += [("rename one image, with the index, asked of a running service", "served rename 1")]
    rows = []
    for name, job in jobs:
        best = bench.best(job)
        rows.append([
            name, seconds(best), ratio(bench, job, "dump"), ratio(bench, job, "scan"), memory(best), transactions(best),
            phases(best)])
    heads = ["job", "seconds", "÷ dump", "÷ scan", "peak MB", "transactions, p99 ms", "seconds by phase"]
    return table(heads, rows)


def goals(bench):
    """What the program is meant to reach, as (what, found, at most), with ratios for times."""
    if served := bench.best("served rename 1"):
        yield "rename one image, with the index, by a running service, ms", served.seconds * 1000, 50
    every = bench.shape["attachments"]
    for job in jobs_of(bench):
        best = bench.best(job)
        if best is None:
            continue
        name = name_of(job)
        single = job.endswith(" 1")
        if job == "rename 1":
            yield f"{name}, ÷ scan", bench.ratio(job, "scan"), 1.3
        elif job == "revert 1":
            # No slower than the rename, give or take what two runs of the same differ by.
            yield f"{name}, ÷ rename", best.seconds / bench.best("rename 1").seconds, 1.05
        elif job.endswith(f" {every}"):
            yield f"{name}, ÷ dump", bench.ratio(job, "dump"), 3.0
        yield f"{name}, peak MB", best.peak_megabytes, 100 if single else 200
        if best.transactions:
            yield f"{name}, transactions, p99 ms", best.transactions[int(len(best.transactions) * 0.99)], 200


def missed(bench):
    found = [f"{what} {value:,.2f} (at most {bound:g})" for what, value, bound in goals(bench) if value > bound]
    return f"Missed: {'; '.join(found)}.\n" if found else "Every goal is met.\n"


def growth_table(benches):
    """How cost grows with the site: everything in it grows alike."""
    rows = []
    for bench in benches:
        dump, scan = bench.best("dump"), bench.best("scan")
        attachments = bench.shape["attachments"]
        rename, revert = bench.best("rename 1"), bench.best("revert 1")
        every, back = bench.best(f"rename {attachments}"), bench.best(f"revert {attachments}")
        rows.append([
            number(bench.shape["posts"]), seconds(dump), seconds(scan), seconds(rename), ratio(bench, "rename 1", "scan"),
            seconds(revert), seconds(bench.best("served rename 1")), number(attachments), seconds(every), ratio(bench, f"rename {attachments}", "dump"),
            seconds(back), memory(every)])
    heads = ["posts", "dump", "scan", "rename one", "÷ scan", "revert", "with the index, by a running service", "attachments", "rename all", "÷ dump", "revert",
             "peak MB"]
    return table(heads, rows, left=0)


def references_table(benches):
    rows = []
    for bench in benches:
        dump = bench.best("dump")
        every = bench.best(f"rename {bench.shape['attachments']}")
        back = bench.best(f"revert {bench.shape['attachments']}")
        references = every.report["references"] if every else 0
        each = f"{every.seconds / references * 1e6:.1f}" if every else "–"
        rows.append([f"×{bench.shape['references']}", number(references), seconds(dump), seconds(every),
                     ratio(bench, f"rename {bench.shape['attachments']}", "dump"), each, seconds(back), memory(every)])
    heads = ["references per post", "references", "dump", "rename all", "÷ dump", "µs a reference", "revert", "peak MB"]
    return table(heads, rows)


def write(page, text):
    """Puts the text between the markers of the page."""
    whole = page.read_text()
    head, rest = whole.split(BEGIN)
    _, tail = rest.split(END)
    page.write_text(head + BEGIN + text + END + tail)
