// The message as it looks on a phone.
import { Box, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './PhonePreview.module.css';

type Props = { sender: string; text: string; segments: number | undefined };

export function PhonePreview({ sender, text, segments }: Props) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('compose.preview.label')} className={classes.phone}>
      <Text ta="center" size="sm" fw={600} pb="xs" className={classes.head}>
        {sender || t('compose.preview.sender')}
      </Text>
      <Stack gap={4} p="sm" mih={170}>
        <Box className={classes.bubble}>
          <Text size="sm" className="prose" c={text === '' ? 'dimmed' : 'inherit'}>
            {text || t('compose.preview.text')}
          </Text>
        </Box>
        {segments !== undefined && segments > 1 && (
          <Text size="xs" c="dimmed">
            {t('compose.preview.parts', { count: segments })}
          </Text>
        )}
      </Stack>
    </section>
  );
}
