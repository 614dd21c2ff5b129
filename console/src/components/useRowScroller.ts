// Which rows of a list of any length are in view. Browsers end a page at some 17 million pixels, which is half a million
// rows; beyond that the bar at the side stands for the whole list in less room, while wheel, keys and fingers still move
// by rows. Rows are all of one height. Used by RowScroller.
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

/** As high as all browsers draw, with room to spare. */
const tallestPx = 10_000_000;

export type RowView = {
  /** The first row in view, with a fraction where it is cut. */
  first: number;
  /** How many rows the view holds. */
  fits: number;
  /** The height that the scrolling element pretends to have. */
  height: number;
  /** Brings a row to the top. */
  goTo: (row: number) => void;
};

/** Follows the scrolling of `element`, which shows `count` rows of `rowHeight` pixels. */
export function useRowScroller(
  element: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): RowView {
  const [first, setFirst] = useState(0);
  const [viewHeight, setViewHeight] = useState(0);
  const height = Math.min(count * rowHeight, tallestPx);
  const fits = viewHeight / rowHeight;
  const last = Math.max(0, count - fits);
  /** Pixels of the bar for a row. */
  const scale = last === 0 ? 0 : (height - viewHeight) / last;
  /** The row that we scrolled to ourselves, which the pixels of the bar may be too coarse to say. */
  const own = useRef<{ top: number; row: number } | null>(null);

  const goTo = useCallback(
    (row: number) => {
      const target = Math.min(Math.max(row, 0), last);
      setFirst(target);
      const box = element.current;
      if (!box) return;
      box.scrollTop = target * scale;
      own.current = { top: box.scrollTop, row: target };
    },
    [element, last, scale],
  );

  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const observer = new ResizeObserver(() => setViewHeight(box.clientHeight));
    observer.observe(box);
    const onScroll = () => {
      if (own.current?.top === box.scrollTop) return;
      own.current = null;
      setFirst(scale === 0 ? 0 : Math.min(box.scrollTop / scale, last));
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, [element, scale, last]);

  // Where the bar is coarser than the rows, what moves by pixels is done here.
  useEffect(() => {
    const box = element.current;
    if (!box || count * rowHeight <= tallestPx) return;
    const page = Math.max(1, Math.floor(fits) - 1);
    const steps: Record<string, (at: number) => number> = {
      ArrowDown: (at) => at + 1,
      ArrowUp: (at) => at - 1,
      PageDown: (at) => at + page,
      PageUp: (at) => at - page,
      Home: () => 0,
      End: () => count,
    };
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * rowHeight : event.deltaY;
      const next = first + pixels / rowHeight;
      // At the ends the page scrolls on.
      if ((next < 0 && first === 0) || (next > last && first === last)) return;
      event.preventDefault();
      goTo(next);
    };
    const onKey = (event: KeyboardEvent) => {
      const step = steps[event.key];
      if (step === undefined || event.target !== box) return;
      event.preventDefault();
      goTo(step(first));
    };
    box.addEventListener('wheel', onWheel, { passive: false });
    box.addEventListener('keydown', onKey);
    return () => {
      box.removeEventListener('wheel', onWheel);
      box.removeEventListener('keydown', onKey);
    };
  }, [element, count, rowHeight, fits, first, last, goTo]);

  return { first: Math.min(first, last), fits, height, goTo };
}
