extension AnalysisPage {
    /// The page's own style: light or dark as the reader's screen is, black on white on paper.
    static let style: HTML = """
        :root{--ink:#1b1f24;--soft:#5b6470;--line:#d9dee4;--ground:#fff;--card:#f4f6f8;--present:#2a7d4f;--decorative:#8aa4c8;--missing:#d9534f;--accent:#2563a8}
        @media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3acb8;--line:#3a424c;--ground:#15191e;--card:#1f252c;--present:#4caf7d;--decorative:#6f8bb3;--missing:#e57370;--accent:#7fb2ee}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground)}
        h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.3rem;margin:2.5rem 0 .75rem}h3{font-size:1rem;margin:1.25rem 0 .25rem}
        p{margin:.5rem 0}small,footer{color:var(--soft)}footer{margin-top:3rem;border-top:1px solid var(--line);font-size:.85rem}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;list-style:none;margin:1.5rem 0;padding:0}
        .cards li{background:var(--card);border-radius:.5rem;padding:.9rem 1rem}.cards b{display:block;font-size:1.7rem;line-height:1.2}.cards small{display:block}
        table{border-collapse:collapse;width:100%;font-size:.93rem}th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line)}
        .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}.wide{width:45%}
        td ul{margin:0;padding-left:1rem}li,q,.file{overflow-wrap:anywhere}.file{font-family:ui-monospace,monospace;font-size:.85em}code{font-size:.85em;color:var(--soft)}
        svg{display:block;max-width:100%}svg text{fill:var(--ink);font-size:13px}.bar{width:100%;height:1.1rem;margin-top:.2rem;border-radius:.2rem}.before .bar{height:.4rem;opacity:.75}
        .columns{width:32rem;margin:.75rem 0 1.25rem}.line{width:100%;margin-top:1rem}
        rect.present{fill:var(--present)}rect.decorative{fill:var(--decorative)}rect.missing{fill:var(--missing)}
        .band0{fill:var(--missing)}.band1{fill:#e08e45}.band2{fill:#d9b23c}.band3{fill:#8fb04e}.band4{fill:var(--present)}
        .axis,.grid{stroke:var(--line)}.curve{fill:none;stroke:var(--accent);stroke-width:2.5}.dot{fill:var(--accent)}
        .key{display:inline-block;width:.8rem;height:.8rem;border-radius:.15rem;margin-left:.75rem}.legend .key:first-child{margin-left:0}
        .key.present{background:var(--present)}.key.decorative{background:var(--decorative)}.key.missing{background:var(--missing)}
        @media print{:root{--ink:#000;--soft:#444;--line:#bbb;--ground:#fff;--card:#fff}body{max-width:none;padding:0;font-size:10pt}.cards li{border:1px solid var(--line)}svg,.key{-webkit-print-color-adjust:exact;print-color-adjust:exact}section{break-inside:auto}tr,li,svg{break-inside:avoid}h2,h3{break-after:avoid}}
        """
}
