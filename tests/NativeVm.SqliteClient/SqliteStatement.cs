using SQLitePCL;

namespace NativeVm.SqliteClient;

/// <summary>A prepared statement.</summary>
public sealed class SqliteStatement : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly sqlite3_stmt _statement;

    internal SqliteStatement(SqliteDatabase database, sqlite3_stmt statement)
    {
        _database = database;
        _statement = statement;
    }

    /// <summary>Sets a parameter, the first of which is 1.</summary>
    public SqliteStatement Bind(int index, long value)
    {
        _database.Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    /// <summary>Sets a parameter.</summary>
    public SqliteStatement Bind(int index, string value)
    {
        _database.Check(raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    /// <summary>Sets a parameter.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        _database.Check(raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Step()
    {
        int code = raw.sqlite3_step(_statement);
        _database.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs it to its end, and makes it ready for the next time.</summary>
    public void Run()
    {
        while (Step())
        {
        }

        _database.Check(raw.sqlite3_reset(_statement));
    }

    /// <summary>A column of the row, as a number.</summary>
    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>A column of the row, as a text.</summary>
    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();
}
