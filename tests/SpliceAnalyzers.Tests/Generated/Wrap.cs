using System.Collections.Generic;
using System.Linq;

namespace SpliceAnalyzers.Tests.Generated;

/// <summary>What a range of statements is put into. All that comes before <see cref="Try"/> is a call: the statements run in a function of their own.</summary>
internal enum WrapForm
{
    LocalFunction,
    StaticLocalFunction,
    StaticMethod,
    ByReference,
    Lambda,
    LambdaWithResult,
    LambdaPassedOn,
    LambdaInField,
    LambdaInArray,
    MethodGroup,
    FunctionPointer,
    Iterator,
    IteratorLeft,
    IteratorOfType,
    AsyncMethod,
    AsyncLocalFunction,
    ValueTaskMethod,
    Type,
    TypeInStructure,
    TypeWithProperty,
    TypeWithIndexer,
    TypeWithConstructor,
    TypeWithBase,
    TypeWithInterface,
    TypeDisposed,
    TypeDisposedAtEnd,
    TypeStatic,
    Member,
    MemberVirtual,
    MemberGetter,
    MemberAsync,
    MemberIterator,
    RecursionDown,
    RecursionTwice,
    Try,
    Finally,
    Catch,
    Switch,
    SwitchPattern,
    Label,
    Lock,
    Once,
    UsingOther,
}

/// <summary>Statements that stay what they are, in something around them.</summary>
internal sealed class Wrap(WrapForm form, Block body) : Act
{
    public WrapForm Form => form;
    public Block Body => body;
    public override IReadOnlyList<Block> Blocks => [body];
    public override Act With(IReadOnlyList<Block> blocks) => new Wrap(form, blocks[0]);

    /// <summary>True when the statements run in a function of their own, from which a return returns.</summary>
    public bool IsCall => form < WrapForm.Try;

    /// <summary>True when the function is a member of the type that has the variables.</summary>
    public bool IsMember => form is >= WrapForm.Member and <= WrapForm.MemberIterator;

    /// <summary>How often they run, one run called by the other.</summary>
    public int Depth => form == WrapForm.RecursionTwice ? 2 : 1;

    /// <summary>True when an object keeps what the statements name: the frame of captured variables, or one with fields.</summary>
    public bool Keeps => form is WrapForm.LocalFunction or WrapForm.Iterator or WrapForm.IteratorLeft or WrapForm.RecursionDown or WrapForm.RecursionTwice or WrapForm.MethodGroup
        || form.ToString().StartsWith("Member", System.StringComparison.Ordinal) || form.ToString().StartsWith("Lambda", System.StringComparison.Ordinal) || form.ToString().StartsWith("Type", System.StringComparison.Ordinal) || form is WrapForm.AsyncLocalFunction;
}
