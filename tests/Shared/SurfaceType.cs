namespace MLNet.Softmax.TestSupport;

/// <summary>A public type as the list prints it: its kind and name, what it derives from, and a line for each member.</summary>
internal sealed record SurfaceType(string Heading, HashSet<string> Bases, HashSet<string> Members)
{
    /// <summary>What this type has that the other, of the same heading, has not.</summary>
    public IEnumerable<string> Beyond(SurfaceType other)
        => Bases.Except(other.Bases).Select(name => $"{Heading} : {name}").Concat(
            Members.Except(other.Members).Select(member => $"{Heading} | {member}"));
}
