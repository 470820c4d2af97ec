using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SpliceAnalyzers.Scope;

/// <summary>
/// Which declarations of a compilation mention which names: read from the syntax alone, so that most code is never bound. A mention is no proof
/// of a call; whoever needs that looks at what the name means.
/// </summary>
internal sealed class MemberIndex
{
    /// <summary>What calls something without naming it: `new()`, a using, an indexer.</summary>
    public const string ImplicitCreation = "new()", UsingStatement = "using", ElementAccess = "this[]";

    private readonly List<(string Name, string Attributes)> _imports = [];
    private readonly List<(string Name, string Attribute)> _marked = [];
    private readonly Dictionary<string, List<Member>> _byMention = [];
    private readonly Dictionary<string, List<Member>> _byName = [];

    public MemberIndex(IEnumerable<SyntaxTree> trees, CancellationToken cancellation)
    {
        foreach (SyntaxTree tree in trees)
            Add(tree.GetRoot(cancellation), cancellation);
    }

    /// <summary>The names of methods and local functions that an attribute says are imported from a library under one of the given names.</summary>
    public IEnumerable<string> ImportedAs(IReadOnlyList<string> functions) =>
        _imports.Where(i => functions.Any(f => i.Attributes.IndexOf('"' + f + '"', System.StringComparison.Ordinal) >= 0)).Select(static i => i.Name);

    /// <summary>The names of fields and properties whose initialiser names one of the functions in a text: pointers and delegates to it.</summary>
    public IEnumerable<string> LoadedAs(IReadOnlyList<string> functions) =>
        Types.SelectMany(static t => t.Members).Where(m => m is FieldDeclarationSyntax or PropertyDeclarationSyntax && MentionsText(m, functions)).SelectMany(static m => m switch
        {
            FieldDeclarationSyntax field => field.Declaration.Variables.Select(static v => v.Identifier.ValueText),
            PropertyDeclarationSyntax property => [property.Identifier.ValueText],
            _ => [],
        }).Concat(Types.Where(t => t.Members.OfType<ConstructorDeclarationSyntax>().Any(c => MentionsText(c, functions)))
            .SelectMany(static t => t.Members).OfType<FieldDeclarationSyntax>().SelectMany(static f => f.Declaration.Variables).Select(static v => v.Identifier.ValueText));

    private static bool MentionsText(SyntaxNode node, IReadOnlyList<string> texts) =>
        node.DescendantTokens().Any(t => t.IsKind(SyntaxKind.StringLiteralToken) && texts.Contains(t.ValueText));

    /// <summary>All type declarations.</summary>
    public List<TypeDeclarationSyntax> Types { get; } = [];

    /// <summary>The members that mention a name, in source order.</summary>
    public IReadOnlyList<Member> Mentioning(string name) => _byMention.TryGetValue(name, out List<Member> members) ? members : [];

    /// <summary>The members that are called by a name, in source order.</summary>
    public IReadOnlyList<Member> Called(string name) => _byName.TryGetValue(name, out List<Member> members) ? members : [];

    private void Add(SyntaxNode root, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (root is CompilationUnitSyntax unit && unit.Members.Any(SyntaxKind.GlobalStatement))
            Add(new Member(unit, "", Mentions(unit.Members.OfType<GlobalStatementSyntax>())));
        foreach (SyntaxNode node in root.DescendantNodes(static n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            if (node is TypeDeclarationSyntax type)
                Types.Add(type);
            else if (node is MemberDeclarationSyntax member)
                AddMember(member);
        }
    }

    /// <summary>The names of methods that have one of the attributes, themselves or on a parameter.</summary>
    public IEnumerable<string> MarkedWith(string attribute) => _marked.Where(m => m.Attribute == attribute || m.Attribute == attribute + "Attribute").Select(static m => m.Name);

    private void AddMember(MemberDeclarationSyntax member)
    {
        if (member is MethodDeclarationSyntax marked)
        {
            foreach (AttributeSyntax attribute in marked.AttributeLists.Concat(marked.ParameterList.Parameters.SelectMany(static p => p.AttributeLists)).SelectMany(static l => l.Attributes))
                _marked.Add((marked.Identifier.ValueText, attribute.Name.ToString()));
        }

        switch (member)
        {
            case MethodDeclarationSyntax { Identifier.ValueText: var name } method when HasCode(method):
                Add(new Member(method, name, Mentions([method])));
                break;
            case MethodDeclarationSyntax { AttributeLists.Count: > 0 } import:
                _imports.Add((import.Identifier.ValueText, import.AttributeLists.ToString()));
                break;
            case ConstructorDeclarationSyntax constructor:
                Add(new Member(constructor, constructor.Identifier.ValueText, Mentions([constructor])));
                break;
            case BaseMethodDeclarationSyntax other when HasCode(other):
                Add(new Member(other, "", Mentions([other])));
                break;
            case PropertyDeclarationSyntax { ExpressionBody: not null } property:
                Add(new Member(property, property.Identifier.ValueText, Mentions([property])));
                break;
            case IndexerDeclarationSyntax { ExpressionBody: not null } indexer:
                Add(new Member(indexer, ElementAccess, Mentions([indexer])));
                break;
            case BasePropertyDeclarationSyntax { AccessorList: { } accessors } owner:
                string called = owner switch { PropertyDeclarationSyntax p => p.Identifier.ValueText, EventDeclarationSyntax e => e.Identifier.ValueText, _ => ElementAccess };
                foreach (AccessorDeclarationSyntax accessor in accessors.Accessors.Where(a => a.Body is not null || a.ExpressionBody is not null))
                    Add(new Member(accessor, called, Mentions([accessor])));
                break;
        }
    }

    private static bool HasCode(BaseMethodDeclarationSyntax method) => method.Body is not null || method.ExpressionBody is not null;

    private HashSet<string> Mentions(IEnumerable<SyntaxNode> nodes)
    {
        var names = new HashSet<string>();
        foreach (SyntaxNode node in nodes.SelectMany(n => n.DescendantNodesAndSelf()))
        {
            switch (node)
            {
                case SimpleNameSyntax name:
                    names.Add(name.Identifier.ValueText);
                    break;
                case LocalFunctionStatementSyntax { AttributeLists.Count: > 0, Body: null, ExpressionBody: null } import:
                    _imports.Add((import.Identifier.ValueText, import.AttributeLists.ToString()));
                    break;
                case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal:
                    names.Add(literal.Token.ValueText);
                    break;
                case ImplicitObjectCreationExpressionSyntax:
                    names.Add(ImplicitCreation);
                    break;
                case ConstructorInitializerSyntax:
                    names.Add(ImplicitCreation);
                    break;
                case UsingStatementSyntax or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 }:
                    names.Add(UsingStatement);
                    break;
                case ElementAccessExpressionSyntax or ElementBindingExpressionSyntax or ImplicitElementAccessSyntax:
                    names.Add(ElementAccess);
                    break;
            }
        }

        return names;
    }

    private void Add(Member member)
    {
        foreach (string name in member.Mentions)
            AddTo(_byMention, name, member);
        if (member.Name.Length > 0)
            AddTo(_byName, member.Name, member);
    }

    private static void AddTo(Dictionary<string, List<Member>> map, string name, Member member)
    {
        if (!map.TryGetValue(name, out List<Member> members))
            map.Add(name, members = []);
        members.Add(member);
    }
}
