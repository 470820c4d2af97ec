using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using SpliceAnalyzers.KernelModel.Programs;

namespace SpliceAnalyzers.Lowering;

/// <summary>A method, initialiser or dispatcher of a compilation as a procedure. Its calls carry numbers of <see cref="CompilationLowering"/>.</summary>
internal sealed class LoweredProcedure(int number, string name, IMethodSymbol? method)
{
    /// <summary>Its number in the compilation.</summary>
    public int Number { get; } = number;

    /// <summary>For witnesses and messages.</summary>
    public string Name { get; } = name;

    /// <summary>The method it came from; null for initialisers and dispatchers.</summary>
    public IMethodSymbol? Method { get; } = method;

    /// <summary>The code; null until it is asked for.</summary>
    public Procedure? Code { get; set; }

    /// <summary>The procedures it calls.</summary>
    public HashSet<int> Callees { get; } = [];

    /// <summary>The methods it makes delegates of, with the delegates' types; of an iterator, what MoveNext runs, with the enumerator's.</summary>
    public List<(INamedTypeSymbol Delegate, int Target, bool IsBound)> Delegates { get; } = [];

    /// <summary>Makes the code, where that depends on what else is in the program: the delegates and iterators that a whole program makes, the threads that it starts.</summary>
    public Func<IReadOnlyList<LoweredProcedure>, Procedure>? Assemble { get; set; }

    /// <summary>The types of the delegates that it makes threads of.</summary>
    public HashSet<INamedTypeSymbol> Threads { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>True when it makes something that can be waited for.</summary>
    public bool CanWait { get; set; }

    /// <summary>Of an iterator, the procedure that MoveNext runs on the object that this one makes; -1 for all others.</summary>
    public int Resumed { get; set; } = -1;

    /// <summary>The types whose static fields it uses.</summary>
    public HashSet<INamedTypeSymbol> Statics { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Lengths that its conditions treat otherwise than the usual ones.</summary>
    public HashSet<long> Lengths { get; } = [];

    /// <summary>True when it uses a static field through which calls can tell each other something.</summary>
    public bool SharesFields { get; set; }

    /// <summary>True when its source is so long that nothing is known of it.</summary>
    public bool IsTooLong { get; set; }

    /// <summary>True when it contains a call that puts references into a pipe.</summary>
    public bool HandsOff { get; set; }
}
