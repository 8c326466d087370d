namespace MLNet.Softmax.Labels;

/// <summary>
/// Key labels. Labels that were mapped to keys on other data than the training data have another order. If both sides have names, or the
/// keys represent numbers, classes are matched by these, so that such labels are neither mixed up nor rejected.
/// </summary>
internal static class KeyLabels
{
    /// <summary>The class of each key value; the first entry is for 0, the missing key.</summary>
    public static int[] Classes(
        DataViewSchema.Column label, KeyDataViewType type, string[] classNames, bool areNamed, ClassLookup lookup)
    {
        var count = (int)Math.Min(type.Count, (ulong)Array.MaxLength - 1);
        var keyNames = ClassLabels.Read(label, AnnotationUtils.Kinds.KeyValues, count);
        if (keyNames is null || (!areNamed && !AreNumbers(keyNames)))
            return ByPosition(Math.Min(count, classNames.Length), type);
        if (keyNames.SequenceEqual(classNames))
            return ByPosition(count, type);
        if (!areNamed && keyNames.Contains(classNames.Length.ToString(CultureInfo.InvariantCulture)) && !keyNames.Contains("0"))
            throw LabelColumn.CountedFromOne(label.Name, classNames.Length);

        var classes = NewMap(count, type);
        for (var key = 0; key < count; key++)
            classes[key + 1] = lookup.Find(keyNames[key]) is >= 0 and var found ? found : LabelColumn.Unknown;
        return classes.Any(index => index >= 0) ? classes : throw SchemaChecks.Refused(
            $"The labels in column '{label.Name}' ({LabelColumn.Some(keyNames)}) and the classes ({LabelColumn.Some(classNames)}) have no "
            + "name in common. "
            + "Map the labels to keys with the mapping that the model was trained with, or give the classes the names of the labels.",
            "data");
    }

    /// <summary>The names of the label's keys, for classes without names; null if they have none, or represent numbers.</summary>
    public static string[]? NamesForClasses(DataViewSchema.Column label, int classCount) => label.Type is KeyDataViewType
        && ClassLabels.Read(label, AnnotationUtils.Kinds.KeyValues, classCount) is { } names && !AreNumbers(names) ? names : null;

    /// <summary>The warning for classes that took their names from the keys of the labels.</summary>
    public static string AssumedOrder(DataViewSchema.Column label, DataViewSchema.Column scores, string[] names) =>
        $"The classes of column '{scores.Name}' have no names; they are taken to be in the order of the keys of column '{label.Name}' "
        + $"({LabelColumn.Some(names)}). If the keys were mapped on other data than the model was trained on, the figures are wrong: give "
        + "the names of the classes, in ProbabilityEvaluationOptions.ClassNames or as SlotNames.";

    private static bool AreNumbers(string[] names) => names.All(name => ClassLookup.TryParse(name, out _));

    private static int[] ByPosition(int count, KeyDataViewType type)
    {
        var classes = NewMap(count, type);
        for (var key = 0; key < count; key++)
            classes[key + 1] = key;
        return classes;
    }

    /// <summary>Keys of small types index the map without a bounds check, so it covers their whole range.</summary>
    private static int[] NewMap(int count, KeyDataViewType type)
    {
        var classes = new int[type.RawType == typeof(byte) ? 256 : type.RawType == typeof(ushort) ? 65_536 : count + 1];
        Array.Fill(classes, LabelColumn.Unknown);
        classes[0] = LabelColumn.Missing;
        return classes;
    }
}
