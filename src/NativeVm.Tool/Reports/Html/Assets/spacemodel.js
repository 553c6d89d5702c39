// An address space through time, as rectangles: six numbers each, START LENGTH KIND SHARE FIRST LAST, the moments
// inclusive, and with labels a seventh. Addresses are folded into positions: where nothing but free or reserved
// addresses ever lie, a long run takes the place of a short one, so that what is between can be seen.
const kindNames = ["free", "reserved", "read-only", "read-write", "executable"];
const foldShare = 24;
const smallestFold = 65536;
const mostFolds = 160;
const foldWidth = 0.005;

class SpaceModel {
  constructor(lane, stride) {
    this.name = lane.name;
    this.stride = stride;
    this.numbers = lane.rectangles;
    this.fold(this.memoryRuns());
  }

  *rectangles(frame) {
    for (let i = 0; i < this.numbers.length; i += this.stride) {
      if (this.numbers[i + 4] <= frame && frame <= this.numbers[i + 5]) {
        yield i;
      }
    }
  }

  // Runs that have memory at some moment, merged; without any, all that is mapped.
  memoryRuns() {
    const collect = lowest => {
      const runs = [];
      for (let i = 0; i < this.numbers.length; i += this.stride) {
        if (this.numbers[i + 2] >= lowest) {
          runs.push([this.numbers[i], this.numbers[i] + this.numbers[i + 1]]);
        }
      }
      return runs;
    };
    const runs = collect(2).length !== 0 ? collect(2) : collect(1);
    runs.sort((a, b) => a[0] - b[0]);
    const merged = [];
    for (const run of runs) {
      const last = merged[merged.length - 1];
      if (last && run[0] <= last[1]) {
        last[1] = Math.max(last[1], run[1]);
      } else {
        merged.push([...run]);
      }
    }
    return merged;
  }

  fold(runs) {
    const gaps = runs.slice(1).map((run, i) => [runs[i][1], run[0]]).sort((a, b) => (b[1] - b[0]) - (a[1] - a[0]));
    let drawn = runs.length === 0 ? 0 : runs[runs.length - 1][1] - runs[0][0];
    const folded = new Set();
    for (const [start, end] of gaps.slice(0, mostFolds)) {
      if (end - start < smallestFold || end - start <= drawn / foldShare) {
        break;
      }
      folded.add(start);
      drawn -= end - start;
    }
    // Segments cover the positions without holes, in address order.
    this.segments = [];
    let position = 0;
    const add = (start, end, isFolded) => {
      const width = isFolded ? drawn * foldWidth : end - start;
      this.segments.push({ start, end, position, width, isFolded });
      position += width;
    };
    let begin = runs.length === 0 ? 0 : runs[0][0];
    runs.forEach((run, i) => {
      const isLast = i === runs.length - 1;
      if (isLast || folded.has(run[1])) {
        add(begin, run[1], false);
        if (!isLast) {
          add(run[1], runs[i + 1][0], true);
          begin = runs[i + 1][0];
        }
      }
    });
    this.width = Math.max(position, 1);
  }

  find(key, value) {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.segments[middle][key] <= value) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return this.segments[low];
  }

  positionOf(address) {
    const segment = this.find("start", address);
    const share = Math.min(Math.max((address - segment.start) / (segment.end - segment.start), 0), 1);
    return segment.position + (share * segment.width);
  }

  addressOf(position) {
    const segment = this.find("position", position);
    const share = Math.min(Math.max((position - segment.position) / segment.width, 0), 1);
    return Math.floor(segment.start + (share * (segment.end - segment.start)));
  }
}
