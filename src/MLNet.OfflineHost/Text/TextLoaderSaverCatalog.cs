using Microsoft.ML.Data;

namespace Microsoft.ML;

public static class TextLoaderSaverCatalog
{
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Column[] columns, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
        => Load(path, Options(columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse));

    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Options options = null)
        => Load(path, options ?? new TextLoader.Options(), sample: path);

    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
        => Load(path, Options(TextColumnBinder.ColumnsOf(typeof(TInput)), separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse));

    private static TextDataView Load(string path, TextLoader.Options options, string sample = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new ArgumentOutOfRangeException(nameof(path), $"File or directory does not exist at path: {path}");
        return new TextDataView(path, options, sample);
    }

    private static TextLoader.Options Options(
        TextLoader.Column[] columns, char separator, bool hasHeader, bool allowQuoting, bool trimWhitespace, bool allowSparse)
    {
        if (allowSparse)
            throw new NotSupportedException("The offline host does not read sparse text; build against ML.NET's packages for that.");
        return new TextLoader.Options
        {
            Columns = columns, Separators = [separator], HasHeader = hasHeader, AllowQuoting = allowQuoting, TrimWhitespace = trimWhitespace,
        };
    }
}
