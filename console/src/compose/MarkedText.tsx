// A text in which some characters are marked. Shows text only, whatever it says.
import { Mark, Text } from '@mantine/core';
import type { ReactNode } from 'react';

type Props = { text: string; marks: { index: number; length: number; code: string }[] };

export function MarkedText({ text, marks }: Props) {
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const { index, length, code } of marks) {
    // Marks may be those of the text as it was a moment ago.
    if (index < at || index + length > text.length) continue;
    pieces.push(text.slice(at, index));
    pieces.push(
      <Mark key={index} title={code} color="orange">
        {text.slice(index, index + length)}
      </Mark>,
    );
    at = index + length;
  }
  pieces.push(text.slice(at));
  return (
    <Text size="sm" className="prose" data-testid="marked">
      {pieces}
    </Text>
  );
}
