namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    public class Options
    {
        /// <summary>Fields may stand in double quotes, which then may hold separators; two double quotes are one.</summary>
        public bool AllowQuoting;

        public char[] Separators = ['\t'];

        public Column[] Columns;

        /// <summary>White space at the end of a line is no part of its last field.</summary>
        public bool TrimWhitespace;

        public bool HasHeader;

        public bool UseThreads = true;

        public long? MaxRows;

        /// <summary>An empty field of a real column is NaN, not 0.</summary>
        public bool MissingRealsAsNaNs;

        public Options()
        {
        }
    }
}
