namespace Muster.Bulk;

/// <summary>Finds every action class of the program; the only reflection over types there is. Menu, chooser, form, API and command line read it.</summary>
public sealed class ActionCatalog
{
    private readonly Dictionary<string, BulkAction> byKey;

    public ActionCatalog(IServiceProvider services)
    {
        All =
        [
            .. typeof(ActionCatalog)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(BulkAction)) && !type.IsAbstract)
                .Select(type => (BulkAction)ActivatorUtilities.CreateInstance(services, type))
                .OrderBy(action => action.Category)
                .ThenBy(action => action.MenuPosition)
                .ThenBy(action => action.Title, StringComparer.Ordinal),
        ];
        byKey = All.ToDictionary(action => action.Key, StringComparer.Ordinal);
    }

    /// <summary>All actions, in menu order.</summary>
    public IReadOnlyList<BulkAction> All { get; }

    /// <summary>The action of that key, or null.</summary>
    public BulkAction? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>The action of that key.</summary>
    /// <exception cref="KeyNotFoundException">There is none: an operation's action was taken out of the program.</exception>
    public BulkAction Get(string key) => byKey[key];
}
