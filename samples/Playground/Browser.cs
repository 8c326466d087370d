using System.Runtime.InteropServices.JavaScript;

namespace Playground;

/// <summary>The functions of page.js.</summary>
internal static partial class Browser
{
    /// <summary>The name of the file that was chosen or dropped last; empty if there is none.</summary>
    [JSImport("chosenFile", "page")]
    public static partial string ChosenFile();

    /// <summary>Calls a method of the worker with texts. The evaluation also gets the chosen file, if it is to be read.</summary>
    [JSImport("callWorker", "page")]
    public static partial Task<string> CallWorker(
        string method, string argument, bool usesFile,
        [JSMarshalAs<JSType.Function<JSType.String, JSType.Number>>] Action<string, double> progress);

    /// <summary>Asks the worker to stop its last call.</summary>
    [JSImport("stopWorker", "page")]
    public static partial void StopWorker();

    /// <summary>Saves a text as a file on this machine.</summary>
    [JSImport("save", "page")]
    public static partial void Save(string name, string type, string text);

    /// <summary>Shows a state in the address, without a new entry in the history.</summary>
    [JSImport("showAddress", "page")]
    public static partial void ShowAddress(string query);

    /// <summary>Calls back when a file is dropped on the page.</summary>
    [JSImport("onDrop", "page")]
    public static partial void OnDrop([JSMarshalAs<JSType.Function>] Action dropped);
}
