<?php
add_theme_support('post-thumbnails');
add_theme_support('custom-header');
add_theme_support('custom-background');
add_theme_support('custom-logo');
register_sidebar(['id' => 'sidebar-1', 'name' => 'Sidebar']);
