namespace MLNet.Softmax.Labels;

/// <summary>
/// Keys as labels. Labels that were mapped to keys on other data than the model was trained on have another order; where both sides have
/// names, these decide, so that such labels are neither mixed up nor refused.
/// </summary>
internal static class KeyLabels
{
    private const int NamesShown = 5;

    /// <summary>The class of each key value; the first entry is for 0, the missing key.</summary>
    public static int[] Classes(DataViewSchema.Column label, KeyDataViewType type, DataViewSchema.Column scores, string[] classNames)
    {
        var count = (int)Math.Min(type.Count, (ulong)Array.MaxLength - 1);
        var keyNames = ClassLabels.Read(label, AnnotationUtils.Kinds.KeyValues, count);
        if (keyNames is null || !HasNames(scores, classNames.Length))
            return ByPosition(Math.Min(count, classNames.Length), type);
        if (keyNames.SequenceEqual(classNames))
            return ByPosition(count, type);

        var indices = LabelColumn.ByName(classNames);
        var classes = NewMap(count, type);
        for (var key = 0; key < count; key++)
            classes[key + 1] = indices.GetValueOrDefault(keyNames[key].Trim(), LabelColumn.Unknown);
        return classes.Any(index => index >= 0) ? classes : throw SchemaChecks.Refused(
            $"The labels in column '{label.Name}' ({Some(keyNames)}) and the classes of column '{scores.Name}' ({Some(classNames)}) "
            + "have no name in common. "
            + "Map the labels to keys with the mapping that the model was trained with, or give the classes the names of the labels.",
            "data");
    }

    public static bool HasNames(DataViewSchema.Column scores, int classCount) =>
        ClassLabels.Read(scores, ScoreAnnotations.SlotNames, classCount) is not null
        || ClassLabels.Read(scores, ScoreAnnotations.TrainingLabelValues, classCount) is not null;

    private static int[] ByPosition(int count, KeyDataViewType type)
    {
        var classes = NewMap(count, type);
        for (var key = 0; key < count; key++)
            classes[key + 1] = key;
        return classes;
    }

    /// <summary>Narrow keys index the map without a check, so that it covers their type.</summary>
    private static int[] NewMap(int count, KeyDataViewType type)
    {
        var classes = new int[type.RawType == typeof(byte) ? 256 : type.RawType == typeof(ushort) ? 65_536 : count + 1];
        Array.Fill(classes, LabelColumn.Unknown);
        classes[0] = LabelColumn.Missing;
        return classes;
    }

    /// <summary>The first of the names, for messages.</summary>
    public static string Some(string[] names) =>
        string.Join(", ", names.Take(NamesShown).Select(name => $"'{name}'")) + (names.Length > NamesShown ? ", ..." : "");
}
