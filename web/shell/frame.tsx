import {
  ActionIcon,
  Anchor,
  AppShell,
  Burger,
  Group,
  Menu,
  NavLink,
  Stack,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, useLocation } from 'react-router';
import { useLanguage, useWords } from '../words/index.ts';
import { signInAddress } from './api.ts';
import { useSession } from './session.ts';

/** Layout around each page of the portal: navigation, signed-in user, language and color scheme. */
export function Frame({ children }: { readonly children: React.ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const { shell } = useWords();
  const { brandName } = useSession();
  const reviewing = pathname.startsWith('/review');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes after each navigation
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a className="skip" href="#main">
        {shell.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={shell.menu}
              aria-expanded={opened}
            />
            <Anchor href="/" c="inherit" underline="never" miw={0}>
              <Text fw={700} truncate>
                {brandName}
              </Text>
            </Anchor>
            <Text c="dimmed" visibleFrom="sm">
              {reviewing ? shell.nav.review : shell.nav.developer}
            </Text>
          </Group>
          <Group gap={4} wrap="nowrap">
            <LanguageSwitch />
            <ColorSwitch />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <AppShell.Section grow component="nav" aria-label={shell.menu}>
          {reviewing ? <ReviewNav /> : <DeveloperNav />}
        </AppShell.Section>
        <AppShell.Section>
          <Who />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main">{children}</AppShell.Main>
    </AppShell>
  );
}

function Way({ to, label, exact = false }: { readonly to: string; readonly label: string; readonly exact?: boolean }) {
  const { pathname } = useLocation();
  const isCurrent = exact ? pathname === to : pathname === to || pathname.startsWith(`${to}/`);
  return (
    <NavLink
      component={Link}
      to={to}
      label={label}
      active={isCurrent}
      variant="light"
      {...(isCurrent ? { 'aria-current': 'page' as const } : {})}
    />
  );
}

/** A link to a server-rendered page outside the portal, with a full page load. */
function OtherWay({ href, label }: { readonly href: string; readonly label: string }) {
  return <NavLink href={href} label={label} />;
}

function DeveloperNav() {
  const { nav } = useWords().shell;
  const { person, addresses } = useSession();
  const signedIn = person?.kind === 'developer';
  return (
    <>
      <Way to="/developer" label={nav.start} exact />
      {signedIn ? <Way to="/developer/apps" label={nav.apps} /> : null}
      <Way to="/developer/explorer" label={nav.explorer} />
      <Way to="/developer/test-patients" label={nav.testPatients} />
      {signedIn ? <Way to="/developer/organisation" label={nav.organisation} /> : null}
      <OtherWay href="/docs" label={nav.docs} />
      <OtherWay href={new URL(addresses.swagger).pathname} label={nav.swagger} />
      {person?.administrator === true ? <Way to="/review" label={nav.review} /> : null}
    </>
  );
}

function ReviewNav() {
  const { nav } = useWords().shell;
  return (
    <>
      <Way to="/review" label={nav.queue} exact />
      <Way to="/review/apps" label={nav.allApps} />
      <Way to="/review/organisations" label={nav.organisations} />
      <Way to="/review/groups" label={nav.groups} />
      <Way to="/review/audit" label={nav.audit} />
      <Way to="/review/keys" label={nav.keys} />
      <Way to="/review/brands" label={nav.brands} />
      <Way to="/review/status" label={nav.status} />
      <Way to="/review/settings" label={nav.settings} />
      <OtherWay href="/practice/administration" label={nav.administration} />
    </>
  );
}

function Who() {
  const { shell } = useWords();
  const { person, csrf } = useSession();
  if (person === null) {
    return (
      <Stack gap={0}>
        <OtherWay href={signInAddress()} label={shell.signIn} />
        <OtherWay href="/developer/sign-up" label={shell.signUp} />
      </Stack>
    );
  }
  return (
    <Stack gap={0}>
      <Text size="sm" c="dimmed" px="sm" py={4}>
        {shell.signedInAs(person.name)}
      </Text>
      <OtherWay href="/account/security" label={shell.security} />
      <form method="post" action="/sign-out">
        <input type="hidden" name="csrf" value={csrf} />
        <NavLink component="button" type="submit" label={shell.signOut} />
      </form>
    </Stack>
  );
}

function LanguageSwitch() {
  const { words, language } = useLanguage();
  const { pathname, search } = useLocation();
  const to = language === 'en' ? 'es' : 'en';
  const href = `/language?${new URLSearchParams({ to, return_to: `${pathname}${search}` })}`;
  return (
    <Anchor href={href} lang={to} hrefLang={to} size="sm" px="xs">
      <Group gap={4} wrap="nowrap">
        <IconLanguage size={18} aria-hidden />
        {words.shell.otherLanguage}
      </Group>
    </Anchor>
  );
}

function ColorSwitch() {
  const { theme } = useWords().shell;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const icons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };
  const Icon = icons[colorScheme];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`${theme.label}: ${theme[colorScheme]}`}>
          <Icon size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.Item key={scheme} onClick={() => setColorScheme(scheme)}>
            {theme[scheme]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
