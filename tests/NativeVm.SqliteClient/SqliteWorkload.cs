using System.Globalization;

namespace NativeVm.SqliteClient;

/// <summary>
/// A mixed workload: inserts, indices, joins, updates, deletes, texts, blobs, JSON, sorting, a vacuum. It is the same
/// every time, and so is its result.
/// </summary>
public static class SqliteWorkload
{
    private const string Schema = """
        CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT NOT NULL, profile TEXT NOT NULL);
        CREATE TABLE purchase(id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, amount INTEGER NOT NULL, note TEXT, image BLOB);
        """;

    /// <summary>Runs it.</summary>
    /// <param name="path">A file that does not exist, or <c>:memory:</c>.</param>
    /// <param name="size">How many purchases.</param>
    /// <returns>A number by which two runs are compared.</returns>
    public static long Run(string path, int size)
    {
        using SqliteDatabase database = new(path);
        database.Execute("PRAGMA page_size=4096; PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY; PRAGMA cache_size=1000;");
        database.Execute(Schema);
        Fill(database, size);
        database.Execute("CREATE INDEX by_customer ON purchase(customer, amount); CREATE INDEX by_name ON customer(name);");
        long result = Query(database, size);
        Change(database, size);
        result = (result * 31) + Query(database, size);
        database.Execute("VACUUM;");
        result = (result * 31) + database.QueryNumber("SELECT count(*) + sum(length(image)) FROM purchase");
        string integrity = database.QueryText("PRAGMA integrity_check");
        return integrity == "ok" ? result : throw new InvalidOperationException($"The database is damaged: {integrity}");
    }

    private static void Fill(SqliteDatabase database, int size)
    {
        Random random = new(99);
        byte[] image = new byte[3000];
        random.NextBytes(image);
        database.Execute("BEGIN");
        using (SqliteStatement insert = database.Prepare("INSERT INTO customer(name, profile) VALUES(?, ?)"))
        {
            for (int i = 0; i < size / 10; i++)
            {
                string profile = string.Create(
                    CultureInfo.InvariantCulture,
                    $$$"""{"age":{{{random.Next(18, 90)}}},"tags":["a{{{i % 7}}}","b{{{i % 11}}}"],"address":{"city":"c{{{i % 97}}}"}}""");
                insert.Bind(1, string.Create(CultureInfo.InvariantCulture, $"customer {random.Next()}")).Bind(2, profile).Run();
            }
        }

        using (SqliteStatement insert = database.Prepare("INSERT INTO purchase(customer, amount, note, image) VALUES(?, ?, ?, ?)"))
        {
            for (int i = 0; i < size; i++)
            {
                insert.Bind(1, random.Next(1, (size / 10) + 1)).Bind(2, random.Next(10_000))
                    .Bind(3, new string((char)('a' + (i % 26)), random.Next(200)))
                    .Bind(4, image.AsSpan(0, random.Next(random.Next(20) == 0 ? 3000 : 60))).Run();
            }
        }

        database.Execute("COMMIT");
    }

    private static long Query(SqliteDatabase database, int size)
    {
        long result = database.QueryNumber(
            "SELECT sum(total) FROM (SELECT c.name, sum(p.amount) AS total FROM customer c JOIN purchase p ON p.customer = c.id "
            + "GROUP BY c.name ORDER BY total DESC, c.name LIMIT 500)");
        result = (result * 31) + database.QueryNumber(
            "SELECT sum(json_extract(profile, '$.age') * length(t.value)) FROM customer, json_each(profile, '$.tags') t");
        result = (result * 31) + database.QueryNumber(
            "SELECT count(*) FROM (SELECT DISTINCT substr(note, 1, 40) || amount FROM purchase ORDER BY 1)");
        using SqliteStatement lookup = database.Prepare(
            "SELECT c.name, max(p.amount), json_object('city', json_extract(c.profile, '$.address.city'), 'n', count(*)) "
            + "FROM customer c LEFT JOIN purchase p ON p.customer = c.id WHERE c.id = ?");
        for (int i = 0; i < size / 10; i++)
        {
            lookup.Bind(1, ((long)i * 7919 % (size / 10)) + 1);
            if (lookup.Step())
            {
                result = unchecked((result * 31) + lookup.Number(1) + lookup.Text(2).Length);
            }

            lookup.Run();
        }

        // What is prepared for one use is what allocates most.
        for (int i = 0; i < size / 20; i++)
        {
            result = unchecked((result * 31) + database.QueryNumber(string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT count(*) + {i} FROM purchase WHERE customer = {i + 1} AND amount > {i % 5000}")));
        }

        return result;
    }

    private static void Change(SqliteDatabase database, int size)
    {
        database.Execute("BEGIN");
        database.Execute("UPDATE purchase SET amount = amount * 2, note = note || ' changed' WHERE id % 3 = 0");
        database.Execute("UPDATE customer SET profile = json_set(profile, '$.vip', json('true')) WHERE id % 5 = 0");
        database.Execute("DELETE FROM purchase WHERE id % 7 = 0");
        using (SqliteStatement delete = database.Prepare("DELETE FROM purchase WHERE customer = ? AND amount < 100"))
        {
            for (int i = 1; i <= size / 20; i++)
            {
                delete.Bind(1, i).Run();
            }
        }

        database.Execute("COMMIT");
    }
}
