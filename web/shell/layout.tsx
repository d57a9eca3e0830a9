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
import { useLanguage, useMessages } from '../i18n/index.ts';
import { signInUrl } from './api.ts';
import { useSession } from './session.ts';

/** Layout around each page of the portal: navigation, signed-in user, and the choice of language and color scheme. */
export function Layout({ children }: { readonly children: React.ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure();
  const { pathname } = useLocation();
  const { shell } = useMessages();
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
          {reviewing ? <AdminNav /> : <DeveloperNav />}
        </AppShell.Section>
        <AppShell.Section>
          <SignedInUser />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main">{children}</AppShell.Main>
    </AppShell>
  );
}

function NavItem({
  to,
  label,
  exact = false,
}: {
  readonly to: string;
  readonly label: string;
  readonly exact?: boolean;
}) {
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

/** Navigation link to a server-rendered page outside the portal. The browser loads that page in full. */
function ExternalNavItem({ href, label }: { readonly href: string; readonly label: string }) {
  return <NavLink href={href} label={label} />;
}

function DeveloperNav() {
  const { nav } = useMessages().shell;
  const { person, addresses } = useSession();
  const signedIn = person?.kind === 'developer';
  return (
    <>
      <NavItem to="/developer" label={nav.start} exact />
      {signedIn ? <NavItem to="/developer/apps" label={nav.apps} /> : null}
      <NavItem to="/developer/explorer" label={nav.explorer} />
      <NavItem to="/developer/test-patients" label={nav.testPatients} />
      {signedIn ? <NavItem to="/developer/organisation" label={nav.organisation} /> : null}
      <ExternalNavItem href="/docs" label={nav.docs} />
      <ExternalNavItem href={new URL(addresses.swagger).pathname} label={nav.swagger} />
      {person?.administrator === true ? <NavItem to="/review" label={nav.review} /> : null}
    </>
  );
}

function AdminNav() {
  const { nav } = useMessages().shell;
  return (
    <>
      <NavItem to="/review" label={nav.queue} exact />
      <NavItem to="/review/apps" label={nav.allApps} />
      <NavItem to="/review/organisations" label={nav.organisations} />
      <NavItem to="/review/groups" label={nav.groups} />
      <NavItem to="/review/audit" label={nav.audit} />
      <NavItem to="/review/keys" label={nav.keys} />
      <NavItem to="/review/brands" label={nav.brands} />
      <NavItem to="/review/status" label={nav.status} />
      <NavItem to="/review/settings" label={nav.settings} />
      <ExternalNavItem href="/practice/administration" label={nav.administration} />
    </>
  );
}

function SignedInUser() {
  const { shell } = useMessages();
  const { person, csrf } = useSession();
  if (person === null) {
    return (
      <Stack gap={0}>
        <ExternalNavItem href={signInUrl()} label={shell.signIn} />
        <ExternalNavItem href="/developer/sign-up" label={shell.signUp} />
      </Stack>
    );
  }
  return (
    <Stack gap={0}>
      <Text size="sm" c="dimmed" px="sm" py={4}>
        {shell.signedInAs(person.name)}
      </Text>
      <ExternalNavItem href="/account/security" label={shell.security} />
      <form method="post" action="/sign-out">
        <input type="hidden" name="csrf" value={csrf} />
        <NavLink component="button" type="submit" label={shell.signOut} />
      </form>
    </Stack>
  );
}

function LanguageSwitch() {
  const { messages, language } = useLanguage();
  const { pathname, search } = useLocation();
  const to = language === 'en' ? 'es' : 'en';
  const href = `/language?${new URLSearchParams({ to, return_to: `${pathname}${search}` })}`;
  return (
    <Anchor href={href} lang={to} hrefLang={to} size="sm" px="xs">
      <Group gap={4} wrap="nowrap">
        <IconLanguage size={18} aria-hidden />
        {messages.shell.otherLanguage}
      </Group>
    </Anchor>
  );
}

function ColorSwitch() {
  const { theme } = useMessages().shell;
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
