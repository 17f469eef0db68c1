/** Draws fitted lines, one row each: the only place where style by meaning becomes Ink's. */
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { fitted, type Line } from './line.ts';
import { colourOf, type Look } from './look.ts';

/** The lines in a block of exactly `height` rows; those that are missing stay blank. */
export function Rows({ lines, columns, height, look }: { lines: readonly Line[]; columns: number; height: number; look: Look }): ReactNode {
  return (
    <Box flexDirection="column" width={columns} height={height} flexShrink={0}>
      {Array.from({ length: height }, (_, row) => (
        <Row key={row} line={fitted(lines[row] ?? [], columns, look.glyphs.ellipsis)} look={look} />
      ))}
    </Box>
  );
}

function Row({ line, look }: { line: Line; look: Look }): ReactNode {
  return (
    <Text wrap="truncate">
      {line.map((piece, i) => {
        const { text, hue, dim = false, bold = false, inverse = false } = piece;
        const color = colourOf(look, hue);
        if (!color && !dim && !bold && !inverse) return text;
        return (
          <Text key={i} dimColor={dim} bold={bold} inverse={inverse} {...(color ? { color } : {})}>
            {text}
          </Text>
        );
      })}
    </Text>
  );
}
