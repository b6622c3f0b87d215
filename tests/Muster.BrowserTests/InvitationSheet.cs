namespace Muster.BrowserTests;

/// <summary>
/// A thousand rows as a human-resources office would send them, typed into the product's own template in a real LibreOffice:
/// most untidy in ways that are forgiven, forty wrong in ways that are not.
/// </summary>
internal sealed class InvitationSheet(IReadOnlyDictionary<string, int> columns, Func<int, string> active, Func<int, string> invited)
{
    public const int Good = 960;

    private readonly List<CellEntry> cells = [];

    /// <summary>Cell address → a word that the preview's sentence about it must hold.</summary>
    public Dictionary<string, string> Wrong { get; } = new(StringComparer.Ordinal);

    /// <summary>Rows that are skipped, not wrong: already here.</summary>
    public int Skipped { get; private set; }

    public IReadOnlyList<CellEntry> Cells => cells;

    /// <summary>The person whose link is followed later.</summary>
    public string Followed => "person10@invited.example";

    public InvitationSheet Fill(int firstRow)
    {
        var row = firstRow;
        for (var n = 1; n <= Good; n++)
        {
            // A blank line now and then, as people leave them.
            row += n % 97 == 0 ? 2 : 1;
            Person(row, n);
        }

        for (var n = 0; n < 40; n++)
        {
            row += n % 9 == 0 ? 2 : 1;
            Mistake(row, n);
        }

        return this;
    }

    private void Person(int row, int n)
    {
        var (first, last) = n switch
        {
            1 => ("=1+1", "Formula"),
            2 => ("Ünïcode", "Ærøskøbing"),
            3 => ("Ann", "O\"Neill, Ann"),
            _ => ($"First{n}", $"Last{n}"),
        };
        var email = (n % 4) switch
        {
            0 => $"  Person{n}@Invited.EXAMPLE ",
            1 => $"PERSON{n}@invited.example",
            _ => $"person{n}@invited.example",
        };
        Text(row, "Email", email);
        Text(row, "First name", n % 5 == 0 ? $" {first}  " : first);
        Text(row, "Last name", last);
        if (n % 3 == 0)
        {
            Text(row, "Organisation unit", n % 2 == 0 ? "operations/north region" : "Operations / North Region");
        }

        if (n == 10 || n % 7 == 0)
        {
            Text(row, "Groups", n % 2 == 0 ? "fire wardens" : "Fire wardens; First aiders");
        }

        if (n % 10 == 0)
        {
            cells.Add(CellEntry.Date(row, columns["Expiry date"], new DateOnly(2031, 3, 4)));
        }

        if (n % 6 == 0)
        {
            Text(row, "Role", "learner");
        }
    }

    private void Mistake(int row, int n)
    {
        Text(row, "First name", "Wrong");
        Text(row, "Last name", $"Row{n}");
        Text(row, "Email", $"wrong{n}@invited.example");
        switch (n % 10)
        {
            case 0:
                Bad(row, "Email", $"wrong{n}.invited.example", "@");
                break;
            case 1:
                Text(row, "Email", "person5@invited.example");
                Wrong[$"row {row}"] = "counts";
                break;
            case 2:
                Bad(row, "Email", $"a{n}@invited.example; b{n}@invited.example", "one");
                break;
            case 3:
                Bad(row, "Organisation unit", "Operations / Nrth Region", "Operations / North Region");
                break;
            case 4:
                Bad(row, "Groups", "Fire wardens; Firewalkers", "Firewalkers");
                break;
            case 5:
                Bad(row, "Expiry date", "31/02/2031", "2031");
                break;
            case 6:
                Text(row, "Email", active(n / 10));
                Skipped++;
                break;
            case 7:
                Text(row, "Email", invited(n / 10));
                Skipped++;
                break;
            case 8:
                cells.RemoveAll(cell => cell.Row == row && cell.Column == columns["First name"]);
                Wrong[Address(row, "First name")] = "name";
                break;
            default:
                Bad(row, "Role", "Headmaster", "Learner");
                break;
        }
    }

    private void Bad(int row, string column, string text, string cure)
    {
        cells.RemoveAll(cell => cell.Row == row && cell.Column == columns[column]);
        Text(row, column, text);
        Wrong[Address(row, column)] = cure;
    }

    private void Text(int row, string column, string text)
    {
        cells.RemoveAll(cell => cell.Row == row && cell.Column == columns[column]);
        cells.Add(CellEntry.Text(row, columns[column], text));
    }

    private string Address(int row, string column) => $"{(char)('A' + columns[column] - 1)}{row}";
}
