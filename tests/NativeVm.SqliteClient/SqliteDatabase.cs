using SQLitePCL;

namespace NativeVm.SqliteClient;

/// <summary>One connection, with the little that the workload needs.</summary>
public sealed class SqliteDatabase : IDisposable
{
    private readonly sqlite3 _connection;

    static SqliteDatabase() => Batteries_V2.Init();

    /// <summary>Opens a file, or <c>:memory:</c>.</summary>
    public SqliteDatabase(string path) => Check(raw.sqlite3_open(path, out _connection));

    /// <summary>Runs statements without results.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_connection, sql));

    /// <summary>Makes a statement to be run often.</summary>
    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_connection, sql, out sqlite3_stmt statement));
        return new SqliteStatement(this, statement);
    }

    /// <summary>The first column of the first row, as a number.</summary>
    public long QueryNumber(string sql)
    {
        using SqliteStatement statement = Prepare(sql);
        return statement.Step() ? statement.Number(0) : throw new InvalidOperationException("There is no row.");
    }

    /// <summary>The first column of the first row, as a text.</summary>
    public string QueryText(string sql)
    {
        using SqliteStatement statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : throw new InvalidOperationException("There is no row.");
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new InvalidOperationException($"SQLite failed with code {code}: {raw.sqlite3_errmsg(_connection).utf8_to_string()}");
        }
    }
}
