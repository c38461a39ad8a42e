#pragma warning disable RS0030 // The one place that reads the environment; everywhere else its values are arguments.
using System.Collections;

namespace Reeve.Hosting.Configuration;

/// <summary>Reads the environment of the process, once.</summary>
public static class EnvironmentVariables
{
    public static IReadOnlyDictionary<string, string> Read() =>
        Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    /// <summary>The folder the command was started in; empty when it is gone.</summary>
    public static string CurrentDirectory()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return "";
        }
    }
}
