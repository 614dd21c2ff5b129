// What stands around every page: the sign-in page while nobody is signed in, else the frame. Each address keeps its
// place, so that whoever signs in sees the page that was asked for.
import { Center, Loader } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ErrorState } from '../components/ErrorState.tsx';
import { languageOf, speak } from '../i18n/index.ts';
import { ChangePasswordPage } from '../session/ChangePasswordPage.tsx';
import { useLocale } from '../session/locale.ts';
import { SignInPage } from '../session/SignInPage.tsx';
import { useSessionQuery } from '../session/session.ts';
import { Frame } from './Frame.tsx';

export function Root() {
  const { data: session, isPending, error, refetch } = useSessionQuery();
  const { locale } = useLocale();
  useEffect(() => void speak(languageOf(locale)), [locale]);

  if (isPending) {
    return (
      <Center h="100vh">
        <Loader />
      </Center>
    );
  }
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!session) return <SignInPage />;
  if (session.user.must_change_password) return <ChangePasswordPage />;
  return (
    <Frame>
      <Outlet />
    </Frame>
  );
}
