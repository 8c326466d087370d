namespace MLNet.Softmax.Pipeline;

/// <summary>
/// Where the classes lie in a vector of scores of any shape: along its only dimension longer than 1 ([1,1000], [1000,1,1]), or along the
/// last of these when there are several ([4,1000] is four rows of 1000 scores). All later dimensions have length 1, so each row of scores
/// is contiguous.
/// </summary>
internal readonly struct ClassAxis
{
    private readonly int _classes;
    private readonly int _rows;

    private ClassAxis(int axis, int classes, int rows) => (Axis, _classes, _rows) = (axis, classes, rows);

    /// <summary>The index of the class dimension among the dimensions of the vector.</summary>
    public int Axis { get; }

    public static ClassAxis Of(VectorDataViewType type)
    {
        var dimensions = type.Dimensions;
        var axis = dimensions.Length - 1;
        // A dimension of unknown length is written 0.
        while (axis > 0 && dimensions[axis] == 1) axis--;
        if (dimensions[axis] == 1) return new(dimensions.Length - 1, 1, 1);
        var rows = 1;
        for (var i = 0; i < axis; i++) rows *= dimensions[i];
        return new(axis, dimensions[axis], rows);
    }

    /// <summary>The number of classes in a vector that holds <paramref name="length"/> scores.</summary>
    public int ClassCount(int length)
    {
        if (_classes > 0) return _classes;
        return _rows > 0 ? length / _rows : length;
    }
}
