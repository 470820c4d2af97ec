using System;
using System.IO;
using System.Text.Json.Nodes;

namespace SpliceAnalyzers.Tool.Tests;

/// <summary>Logs as the compiler writes them, in a folder of their own with a source file.</summary>
internal sealed class Logs : IDisposable
{
    public const string Source = "unsafe\nvoid Send()\n{\n    Fill(<buffer>);\n    vmsplice(pipe,\n        &segment, 1, 0);\n    buffer[0] = \"&\";\n}\n";

    public string Folder { get; } = Directory.CreateTempSubdirectory("splice-witness-").FullName;

    public Logs() => File.WriteAllText(Path.Combine(Folder, "Sender.cs"), Source);

    /// <summary>Writes a log and gives its path.</summary>
    public string Write(params JsonObject[] results) => WriteText(Log(results).ToJsonString());

    public string WriteText(string text)
    {
        var path = Path.Combine(Folder, "log.sarif");
        File.WriteAllText(path, text);
        return path;
    }

    public static JsonObject Log(params JsonObject[] results) => new()
    {
        ["$schema"] = "http://json.schemastore.org/sarif-2.1.0",
        ["version"] = "2.1.0",
        ["runs"] = new JsonArray(new JsonObject
        {
            ["results"] = new JsonArray([.. results]),
            ["tool"] = new JsonObject { ["driver"] = new JsonObject { ["name"] = "Microsoft (R) Visual C# Compiler" } },
            ["columnKind"] = "utf16CodeUnits",
        }),
    };

    /// <summary>A store in line 7 after the hand-off in lines 5 and 6, of what line 4 made.</summary>
    public JsonObject Result(string rule = "SPL1001", string witness = Tool.Store, string steps = "3,0,2") => new()
    {
        ["ruleId"] = rule,
        ["level"] = "warning",
        ["message"] = new JsonObject { ["text"] = "'buffer' is modified <while> in flight." },
        ["locations"] = new JsonArray(Location(7, 7)),
        ["relatedLocations"] = new JsonArray(Location(4, 4), Location(5, 6)),
        ["properties"] = new JsonObject { ["warningLevel"] = 1, ["customProperties"] = new JsonObject { ["witness"] = witness, ["steps"] = steps, ["handOff"] = "1" } },
    };

    private JsonObject Location(int first, int last) => new()
    {
        ["physicalLocation"] = new JsonObject
        {
            ["artifactLocation"] = new JsonObject { ["uri"] = new Uri(Path.Combine(Folder, "Sender.cs")).AbsoluteUri },
            ["region"] = new JsonObject { ["startLine"] = first, ["startColumn"] = 5, ["endLine"] = last, ["endColumn"] = 9 },
        },
    };

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
