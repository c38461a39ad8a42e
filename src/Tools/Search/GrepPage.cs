using System.Text;
using System.Text.RegularExpressions;
using Reeve.Authority.Mandates;
using Reeve.Tools.Files;

namespace Reeve.Tools.Search;

/// <summary>Collects matching lines up to its bounds and remembers what it had to leave out.</summary>
internal sealed class GrepPage(Regex pattern, int resultsMax)
{
    private const int LineCharsMax = 300;
    private const int SearchedLineBytesMax = 64 * 1024;

    private readonly StringBuilder _text = new();
    private readonly char[] _line = new char[SearchedLineBytesMax];
    private int _results;
    private int _files;
    private int _unreadable;
    private int _tooLarge;
    private long _bytes;

    /// <summary>True when nothing more will be searched.</summary>
    public bool IsFull =>
        _results > resultsMax || _files >= GrepTool.FilesMax || _bytes >= GrepTool.BytesMax;

    public bool Admits(FileEntry file)
    {
        var isSmall = file.Bytes <= GrepTool.FileBytesMax;
        _tooLarge += isSmall ? 0 : 1;

        return isSmall && !IsFull;
    }

    public void CountUnreadable() => _unreadable++;

    public void Search(string path, ReadOnlySpan<byte> content)
    {
        _files++;
        _bytes += content.Length;

        if (content.Contains((byte)0))
        {
            return;
        }

        var number = 0;

        foreach (var line in new LineReader(content))
        {
            number++;
            var searched = line[..Math.Min(line.Length, SearchedLineBytesMax)];
            var length = Encoding.UTF8.GetChars(searched, _line);

            if (!pattern.IsMatch(_line.AsSpan(0, length)))
            {
                continue;
            }

            if (_results++ == resultsMax)
            {
                return;
            }

            _text.Append(path).Append(':').Append(number).Append(':')
                .Append(FileText.Shorten(line, LineCharsMax)).Append('\n');
        }
    }

    public string Finish(WorkspaceWalk walk)
    {
        Note(_results == 0, "no line matches");
        Note(_results > resultsMax, $"cut after {resultsMax} lines; narrow the pattern or the path");
        Note(_files >= GrepTool.FilesMax, $"cut after {GrepTool.FilesMax} files");
        Note(_bytes >= GrepTool.BytesMax, $"cut after {GrepTool.BytesMax} bytes");
        Note(walk.IsCut, $"cut after {WorkspaceWalk.EntriesMax} entries");
        Note(_tooLarge > 0, $"{_tooLarge} files above {GrepTool.FileBytesMax} bytes were not searched");
        Note(_unreadable + walk.Unreadable > 0, $"{_unreadable + walk.Unreadable} entries could not be read");

        return _text.ToString();
    }

    private void Note(bool isTrue, string sentence)
    {
        if (isTrue)
        {
            _text.Append('[').Append(sentence).Append("]\n");
        }
    }
}
