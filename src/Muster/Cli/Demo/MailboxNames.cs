using System.Text;
using Muster.People;

namespace Muster.Cli;

/// <summary>Addresses for invented people, always in a domain that is reserved for examples.</summary>
internal static class MailboxNames
{
    /// <summary><c>Róisín</c>, <c>Ní Dhomhnaill</c> becomes <c>roisin.nidhomhnaill</c>.</summary>
    public static string Of(string firstName, string lastName) => $"{Plain(firstName)}.{Plain(lastName)}";

    /// <summary>Small ASCII letters and digits only.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in Names.Fold(text))
        {
            plain.Append(
                c switch
                {
                    >= 'a' and <= 'z' or >= '0' and <= '9' => c.ToString(),
                    'ß' => "ss",
                    'æ' => "ae",
                    'ø' => "o",
                    'ł' => "l",
                    'đ' or 'ð' => "d",
                    'þ' => "th",
                    'ı' => "i",
                    _ => "",
                }
            );
        }

        return plain.ToString();
    }
}
