using System;
using System.IO;
using System.Text.Json.Nodes;

namespace SpliceAnalyzers.Tool.Logs;

/// <summary>Where the files are that a run's locations name.</summary>
internal sealed class ArtifactPaths(JsonObject run, string folder)
{
    /// <summary>The file's path on this machine; the URI itself where it is none.</summary>
    public string Of(JsonObject physical)
    {
        var artifact = physical["artifactLocation"];
        var uri = artifact?["uri"]?.GetValue<string>() ?? "";
        var start = artifact?["uriBaseId"]?.GetValue<string>() is { } id ? run["originalUriBaseIds"]?[id]?["uri"]?.GetValue<string>() ?? "" : "";
        if (!Uri.TryCreate(start + uri, UriKind.RelativeOrAbsolute, out var found)) return uri;
        if (!found.IsAbsoluteUri) return Path.Combine(folder, Uri.UnescapeDataString(found.OriginalString));
        return found.IsFile ? found.LocalPath : uri;
    }
}
