namespace NativeVm;

public sealed unsafe partial class VirtualArray<T>
{
    /// <summary>Goes through the elements by reference.</summary>
    /// <returns>An enumerator over the elements that there are now.</returns>
    /// <exception cref="ObjectDisposedException">The array has been disposed of.</exception>
    public Enumerator GetEnumerator()
    {
        ThrowIfDisposed();
        return new Enumerator(_elements, Length);
    }

    /// <summary>Goes through elements by reference.</summary>
    public ref struct Enumerator
    {
        private readonly T* _end;
        private T* _next;

        internal Enumerator(T* elements, nuint length)
        {
            _next = elements;
            _end = elements + length;
        }

        /// <summary>The element.</summary>
        public readonly ref T Current => ref _next[-1];

        /// <summary>Goes on to the next element.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext()
        {
            bool isThere = _next < _end;
            _next += isThere ? 1 : 0;
            return isThere;
        }
    }
}
