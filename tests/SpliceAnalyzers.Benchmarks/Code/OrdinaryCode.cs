using System;
using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Benchmarks.Code;

/// <summary>Files of an application that has nothing to do with pipes: records, services, parsers, collections, async code. The same ones every time.</summary>
internal static class OrdinaryCode
{
    private static readonly string[] Nouns =
        ["Order", "Invoice", "Customer", "Shipment", "Session", "Report", "Ticket", "Sensor", "Contract", "Article", "Booking", "Payment", "Device", "Member", "Route", "Recipe"];

    private static readonly string[] Verbs = ["Load", "Merge", "Check", "Render", "Collect", "Archive", "Price", "Sort", "Import", "Rank", "Group", "Store"];

    private static readonly string[] Kinds = ["int", "long", "decimal", "double"];

    /// <summary>Members of a service, of which each file has most: a name for the member, the noun, and a type of numbers.</summary>
    private static readonly Func<string, string, string, int, string>[] Members =
    [
        (name, noun, _, number) => $$"""
            /// <summary>Finds what matches, newest first.</summary>
            public IReadOnlyList<{{noun}}> {{name}}(string prefix, int most = {{number % 90 + 10}})
            {
                if (string.IsNullOrEmpty(prefix))
                    return Array.Empty<{{noun}}>();
                return _known.Values
                    .Where(item => item.Name.StartsWith(prefix, StringComparison.Ordinal) && item.IsActive)
                    .OrderByDescending(item => item.Created)
                    .ThenBy(item => item.Name)
                    .Take(most)
                    .ToList();
            }
            """,
        (name, noun, kind, number) => $$"""
            public {{kind}} {{name}}(IEnumerable<{{noun}}> items)
            {
                {{kind}} total = 0;
                foreach ({{noun}} item in items)
                {
                    switch (item.State)
                    {
                        case State.New:
                            total += item.Amount + {{number % 13}};
                            break;
                        case State.Open when item.Amount > {{number % 50}}:
                            total += item.Amount * 2;
                            break;
                        case State.Closed:
                            continue;
                        default:
                            total -= 1;
                            break;
                    }
                }

                return total;
            }
            """,
        (name, noun, _, number) => $$"""
            public async Task<{{noun}}?> {{name}}Async(Guid id, CancellationToken cancellation)
            {
                for (int attempt = 0; attempt < {{number % 4 + 2}}; attempt++)
                {
                    try
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(10 << attempt), cancellation).ConfigureAwait(false);
                        if (_known.TryGetValue(id, out {{noun}}? found))
                            return found;
                    }
                    catch (IOException exception) when (attempt == 0)
                    {
                        _log.Add($"attempt {attempt}: {exception.Message}");
                    }
                    finally
                    {
                        _attempts++;
                    }
                }

                return null;
            }
            """,
        (name, noun, _, number) => $$"""
            public string {{name}}Text({{noun}} item)
            {
                var text = new StringBuilder();
                text.Append(item.Name).Append(':').Append(' ');
                for (int i = 0; i < item.Tags.Count; i++)
                {
                    if (i > 0)
                        text.Append(", ");
                    text.Append(item.Tags[i].Trim().ToUpperInvariant());
                }

                text.AppendLine().Append(CultureInfo.InvariantCulture, $"{item.Amount:0.00} of {{number}}");
                return text.Length > {{number % 200 + 40}} ? text.ToString(0, {{number % 40 + 20}}) : text.ToString();
            }
            """,
        (name, noun, kind, number) => $$"""
            public static bool Try{{name}}(string line, [NotNullWhen(true)] out {{noun}}? parsed)
            {
                parsed = null;
                string[] parts = line.Split(';');
                if (parts.Length < 3 || !Guid.TryParse(parts[0], out Guid id))
                    return false;
                if (!{{kind}}.TryParse(parts[2], NumberStyles.Any, CultureInfo.InvariantCulture, out {{kind}} amount))
                    return false;
                parsed = new {{noun}}(id, parts[1], (int)amount + {{number % 7}}, DateTime.UnixEpoch)
                {
                    State = amount > 0 ? State.Open : State.New,
                };
                return true;
            }
            """,
        (name, noun, kind, _) => $$"""
            public Dictionary<State, {{kind}}> {{name}}ByState()
            {
                var sums = new Dictionary<State, {{kind}}>();
                foreach (KeyValuePair<Guid, {{noun}}> pair in _known)
                {
                    sums.TryGetValue(pair.Value.State, out {{kind}} sum);
                    sums[pair.Value.State] = sum + pair.Value.Amount;
                }

                return sums;
            }
            """,
        (name, noun, _, number) => $$"""
            private int {{name}}Cost({{noun}} item) => item switch
            {
                { State: State.Closed } => 0,
                { Amount: > {{number % 900 + 100}}, IsActive: true } => 3,
                { Tags.Count: > 2 } => item.Tags.Count + (item.Name.Length > 8 ? 1 : 2),
                _ => item.Amount / 2 + _attempts,
            };
            """,
        (name, noun, _, number) => $$"""
            public void {{name}}All(List<{{noun}}> items)
            {
                int[] weights = new int[items.Count];
                for (int i = 0; i < weights.Length; i++)
                    weights[i] = items[i].Amount % {{number % 17 + 3}};
                for (int i = 1; i < weights.Length; i++)
                {
                    int weight = weights[i];
                    {{noun}} moved = items[i];
                    int at = i - 1;
                    while (at >= 0 && weights[at] > weight)
                    {
                        weights[at + 1] = weights[at];
                        items[at + 1] = items[at];
                        at--;
                    }

                    weights[at + 1] = weight;
                    items[at + 1] = moved;
                }

                Changed?.Invoke(this, EventArgs.Empty);
            }
            """,
    ];

    /// <summary>The files, together at least so many lines.</summary>
    public static IReadOnlyList<string> Files(int lines)
    {
        var files = new List<string>();
        for (int written = 0; written < lines; written += files[^1].Count(static c => c == '\n'))
            files.Add(File(files.Count));
        return files;
    }

    private static string File(int number)
    {
        var random = new Random(number);
        string noun = Nouns[random.Next(Nouns.Length)];
        IEnumerable<string> members = Enumerable.Range(0, 10).Select(i =>
            Members[random.Next(Members.Length)](Verbs[random.Next(Verbs.Length)] + i, noun, Kinds[random.Next(Kinds.Length)], random.Next(1000)));
        return $$"""
            using System;
            using System.Collections.Generic;
            using System.Diagnostics.CodeAnalysis;
            using System.Globalization;
            using System.IO;
            using System.Linq;
            using System.Text;
            using System.Threading;
            using System.Threading.Tasks;

            namespace Application.Area{{number}};

            public enum State { New, Open, Closed }

            /// <summary>What the service keeps.</summary>
            public sealed record {{noun}}(Guid Id, string Name, int Amount, DateTime Created)
            {
                public State State { get; init; }
                public bool IsActive => State != State.Closed;
                public List<string> Tags { get; } = new();
            }

            public interface I{{noun}}Service
            {
                event EventHandler? Changed;
                int Count { get; }
            }

            public sealed class {{noun}}Service : I{{noun}}Service, IDisposable
            {
                private readonly Dictionary<Guid, {{noun}}> _known = new();
                private readonly List<string> _log = new();
                private int _attempts;

                public event EventHandler? Changed;

                public int Count => _known.Count;

                public {{noun}}Service(IEnumerable<{{noun}}> items)
                {
                    foreach ({{noun}} item in items)
                        _known[item.Id] = item;
                }

            {{string.Join("\n\n", members)}}

                public void Dispose() => _known.Clear();
            }

            """;
    }
}
