namespace Microsoft.ML.Data;

/// <summary>Says how lines of separated fields are read as rows.</summary>
public sealed class TextLoader
{
    private TextLoader()
    {
    }

    public class Options
    {
        /// <summary>Fields may stand in double quotes, which then may hold separators; two double quotes are one.</summary>
        public bool AllowQuoting;
        public char[] Separators = ['\t'];
        public Column[] Columns;
        /// <summary>White space at the end of a line is no part of its last field.</summary>
        public bool TrimWhitespace;
        public bool HasHeader;
        /// <summary>An empty field of a real column is NaN, not 0.</summary>
        public bool MissingRealsAsNaNs;
    }

    /// <summary>A column and the fields of a line that it is made of.</summary>
    public sealed class Column
    {
        public string Name;
        public Range[] Source;
        public KeyCount KeyCount;

        public Column()
        {
        }

        public Column(string name, DataKind dataKind, int index)
            : this(name, dataKind, [new Range(index)])
        {
        }

        public Column(string name, DataKind dataKind, int minIndex, int maxIndex)
            : this(name, dataKind, [new Range(minIndex, maxIndex)])
        {
        }

        public Column(string name, DataKind dataKind, Range[] source, KeyCount keyCount = null)
        {
            Name = name;
            DataKind = dataKind;
            Source = source;
            KeyCount = keyCount;
        }

        public DataKind DataKind { get; set; } = DataKind.Single;
    }

    /// <summary>Adjacent fields of a line, from <see cref="Min"/> to <see cref="Max"/>, both included.</summary>
    public sealed class Range
    {
        public int Min;
        public int? Max;
        /// <summary>Up to the last field of the lines, of which all have equally many.</summary>
        public bool AutoEnd;
        /// <summary>A range of one field is a vector of size one.</summary>
        public bool ForceVector;

        public Range(int index)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            Min = index;
            Max = index;
        }

        public Range(int min, int? max)
            : this(min)
        {
            if (max < min)
                throw new ArgumentOutOfRangeException(nameof(max), max, $"A range that starts at field {min} does not end before it.");
            Max = max;
            ForceVector = true;
            AutoEnd = max == null;
        }
    }
}
