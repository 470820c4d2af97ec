namespace Microsoft.CodeAnalysis;

/// <summary>Marks what each assembly has a copy of: no other assembly sees it, not even a friend.</summary>
[Embedded]
internal sealed class EmbeddedAttribute : System.Attribute;
