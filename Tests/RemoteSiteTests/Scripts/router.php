<?php
// Serves the test site with PHP's own server: files as they are, everything else by WordPress.
//
// switches.json beside the site turns on what real hosts do:
//   drop-authorization   the field never reaches PHP, as with CGI
//   production           the site does not say that it is local, so plain http counts
$site = getenv('MONIKER_TEST_SITE');
$path = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if (preg_match('/\.(jpe?g|png|gif|webp|svg|html)$/i', $path) && is_file($site . $path)) {
    return false;
}
$file = $site . '/../switches.json';
$switches = is_file($file) ? json_decode(file_get_contents($file), true) : [];
if (in_array('drop-authorization', $switches)) {
    unset($_SERVER['HTTP_AUTHORIZATION'], $_SERVER['PHP_AUTH_USER'], $_SERVER['PHP_AUTH_PW']);
}
if (!in_array('production', $switches)) {
    define('WP_ENVIRONMENT_TYPE', 'local');
}
define('WP_HOME', 'http://' . $_SERVER['HTTP_HOST']);
define('WP_SITEURL', WP_HOME);
// A request that comes late in a test must not start work of its own.
define('WP_CRON_LOCK_TIMEOUT', 86400);
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
require $site . '/index.php';
