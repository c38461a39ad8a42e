namespace Reeve.Authority.Policy;

/// <summary>Redirections and here documents.</summary>
internal sealed partial class ShellReader
{
    private sealed record HereDocument(string Mark, bool IsExpanded, bool IsIndented, int Begin);

    private bool IsRedirection() =>
        (Peek(0) is '<' or '>' && Peek(1) != '(') || Starts("&>");

    private void ReadRedirects(List<ShellRedirect> redirects)
    {
        while (true)
        {
            SkipBlanks();
            var digits = _at;

            while (char.IsAsciiDigit(Peek(0)))
            {
                _at++;
            }

            if (IsAtEnd || !IsRedirection() || (_at > digits && Peek(0) == '&'))
            {
                _at = digits;
                return;
            }

            ReadRedirect(redirects);
        }
    }

    private void ReadRedirect(List<ShellRedirect> redirects)
    {
        var isBoth = Peek(0) == '&';
        _at += isBoth ? 1 : 0;

        if (Starts("<<<"))
        {
            _at += 3;
            SkipBlanks();
            _ = ReadWord();
            return;
        }

        if (Starts("<<"))
        {
            ReadHereDocumentMark();
            return;
        }

        var isWrite = text[_at] == '>' || Starts("<>");
        var isDuplicate = !isBoth && Peek(1) == '&';
        _at++;
        _at += Peek(0) is '&' or '|' or '>' ? 1 : 0;
        SkipBlanks();
        var target = IsAtEnd ? ShellWord.Of("") : ReadWord();

        if (target.IsLiteral && target.Text.Length == 0)
        {
            Doubt("a redirection of it has no target");
        }
        else if (!isDuplicate || !IsDescriptor(target))
        {
            redirects.Add(new ShellRedirect(target, isWrite || isDuplicate));
        }
    }

    // Only a descriptor that already is open; anything else would be a file.
    private static bool IsDescriptor(ShellWord word) => word is { IsLiteral: true, IsQuoted: false }
        && (word.Text == "-" || word.Text.AsSpan().TrimEnd('-').IndexOfAnyExceptInRange('0', '9') < 0);

    private void ReadHereDocumentMark()
    {
        var begin = _at;
        _at += 2;
        var isIndented = Peek(0) == '-';
        _at += isIndented ? 1 : 0;
        SkipBlanks();
        var mark = IsAtEnd ? ShellWord.Of("") : ReadWord();

        if (!mark.IsLiteral || mark.Text.Length == 0 || mark.Text.Contains('\n', StringComparison.Ordinal))
        {
            Doubt("a here document of it has no plain end mark");
        }

        _hereDocuments.Enqueue(new HereDocument(mark.Text, !mark.IsQuoted, isIndented, begin));
    }

    private void ReadHereDocuments()
    {
        while (_hereDocuments.TryDequeue(out var document))
        {
            // Shells disagree where it begins if the line that opens it has a line end inside quotes.
            if (text.AsSpan(document.Begin, Math.Max(0, _at - 1 - document.Begin)).Contains('\n')
                && _hereDocumentEnd < document.Begin)
            {
                Doubt("a here document of it begins inside another part");
            }

            ReadHereDocument(document);
        }
    }

    private int _hereDocumentEnd = -1;

    private void ReadHereDocument(HereDocument document)
    {
        var start = _at;

        while (_at < text.Length)
        {
            var end = text.IndexOf('\n', _at) is var at and >= 0 ? at : text.Length;
            var line = text.AsSpan(_at, end - _at);
            var bodyEnd = _at;
            _at = Math.Min(end + 1, text.Length);

            if ((document.IsIndented ? line.TrimStart('\t') : line).SequenceEqual(document.Mark))
            {
                ReadBody(document, text[start..bodyEnd]);
                _hereDocumentEnd = _at;
                return;
            }
        }

        Doubt("a here document of it is not closed");
    }

    private void ReadBody(HereDocument document, string body)
    {
        if (!document.IsExpanded)
        {
            return;
        }

        // Such a line is joined to the next one, which then is no end mark.
        if (body.Contains("\\\n", StringComparison.Ordinal))
        {
            Doubt("a here document of it joins lines");
        }

        if (body.AsSpan().ContainsAny('$', '`'))
        {
            if (depth >= ShellGrammar.DepthMax)
            {
                Doubt("it is nested too deeply");
                return;
            }

            var reader = new ShellReader(body, found, depth + 1);
            reader.ReadQuotedText(new WordBuilder(), close: '\0');
        }
    }

    private void EndHereDocuments()
    {
        if (_hereDocuments.Count > 0)
        {
            Doubt("a here document of it is not closed");
        }
    }
}
