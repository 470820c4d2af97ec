using System.Collections.Generic;
using System.Text;
using SpliceAnalyzers.KernelModel.Witnesses;

namespace SpliceAnalyzers.Tool.Drawing;

/// <summary>A page with a picture for each finding. It is one file: nothing is loaded, and no script runs.</summary>
internal static class TimelineHtml
{
    private const string Head =
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <title>Witnesses</title>
        <style>
        body{margin:0 auto;max-width:1280px;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1f2328;background:#fff;overflow-wrap:anywhere}
        h1{font-size:24px}h2{font-size:18px;margin-top:32px}a{color:#0969da}
        svg{max-width:100%;height:auto;border:1px solid #d1d9e0;border-radius:6px}
        pre,code{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
        pre{overflow-x:auto;padding:12px;border-radius:6px;background:#f6f8fa}
        @media (prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#4493f8}svg{border-color:#3d444d}pre{background:#151b23}}
        </style>
        </head>
        <body>

        """;

    public static string Render(IReadOnlyList<(string Title, string Message, string Witness, Timeline Timeline)> findings)
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        text.Append($"<h1>{(findings.Count == 1 ? "A witness" : $"{findings.Count} witnesses")}</h1>\n");
        text.Append("<p>Time goes downward. A letter stands for what one step wrote; a cell in a thick red frame, with a !, no longer holds what was handed off. A dot is what was there at first.</p>\n");
        if (findings.Count > 1) AppendIndex(text, findings);
        for (var i = 0; i < findings.Count; i++) AppendSection(text, i, findings[i]);
        return text.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendIndex(StringBuilder text, IReadOnlyList<(string Title, string Message, string Witness, Timeline Timeline)> findings)
    {
        text.Append("<ul>\n");
        for (var i = 0; i < findings.Count; i++) text.Append($"<li><a href=\"#w{i}\">{Markup.Escape(findings[i].Title)}</a></li>\n");
        text.Append("</ul>\n");
    }

    private static void AppendSection(StringBuilder text, int number, (string Title, string Message, string Witness, Timeline Timeline) finding)
    {
        text.Append($"<section id=\"w{number}\">\n<h2>{Markup.Escape(finding.Title)}</h2>\n");
        if (finding.Message.Length > 0) text.Append($"<p>{Markup.Escape(finding.Message)}</p>\n");
        text.Append(TimelineSvg.Render([(finding.Title, finding.Timeline)]));
        text.Append($"<details><summary>As text</summary>\n<pre>{Markup.Escape(TimelineText.Render(finding.Timeline))}\n{Markup.Escape(TimelineText.Legend)}</pre></details>\n");
        text.Append($"<p>On Linux: <code>splice-witness replay --real '{Markup.Escape(finding.Witness)}'</code></p>\n</section>\n");
    }
}
