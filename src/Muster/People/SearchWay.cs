namespace Muster.People;

/// <summary>How people are looked for of whom other rows say something: membership of a group, attempts at a course, values of fields, the search index. Several groups or courses at once, which an action may begin with, are left to the database.</summary>
public enum SearchWay
{
    /// <summary>As the database thinks best.</summary>
    Any,

    /// <summary>From those rows to the people: its cost is that of how many there are, however large the workspace.</summary>
    RowByRow,

    /// <summary>From person to person, each asked for such a row: its cost is that of how many people are asked.</summary>
    PersonByPerson,
}
