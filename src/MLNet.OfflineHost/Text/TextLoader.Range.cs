namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    /// <summary>Adjacent fields of a line, from <see cref="Min"/> to <see cref="Max"/>, both included.</summary>
    public sealed class Range
    {
        public int Min;

        public int? Max;

        /// <summary>Up to the last field of the lines, of which all have equally many.</summary>
        public bool AutoEnd;

        /// <summary>A range of one field is a vector of size one.</summary>
        public bool ForceVector;

        public Range()
        {
        }

        public Range(int index)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            Min = index;
            Max = index;
        }

        public Range(int min, int? max)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(min);
            if (max < min)
                throw new ArgumentOutOfRangeException(nameof(max), max, $"A range that starts at field {min} does not end before it.");
            Min = min;
            Max = max;
            ForceVector = true;
            AutoEnd = max == null;
        }
    }
}
