<?php
// Installs WordPress the way its own installer does, without mail, network or default content.
define('WP_INSTALLING', true);
function wp_mail(...$arguments): bool
{
    return true;
}
// The installer's sample post, page and comment would only be in the way.
function wp_install_defaults(int $user): void
{
    update_option('default_category', 1);
}
require getenv('MONIKER_TEST_SITE') . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('Example', 'admin', 'admin@example.com', false, '', 'correct horse battery');
update_option('siteurl', 'https://example.com');
update_option('home', 'https://example.com');
update_option('permalink_structure', '/%postname%/');
update_option('template', 'plain');
update_option('stylesheet', 'plain');
update_option('uploads_use_yearmonth_folders', 1);
