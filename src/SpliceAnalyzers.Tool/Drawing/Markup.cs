using System.Linq;
using System.Net;
using System.Xml;

namespace SpliceAnalyzers.Tool.Drawing;

/// <summary>Text inside of SVG and HTML.</summary>
internal static class Markup
{
    /// <summary>The text with what markup means by it taken away; characters that XML cannot hold become spaces.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(string.Concat(text.Select(static c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : ' ')));
}
